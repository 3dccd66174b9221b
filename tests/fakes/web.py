"""A site on the loopback interface: documents with ETags, sitemaps, EDGAR's JSON, and faults on demand."""

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Asked:
    """A request, and what it was answered with."""

    path: str
    status: int
    sent: int  # bytes of body
    agent: str
    traceparent: str
    at: float


@dataclass
class Fault:
    status: int = 500
    retry_after: str = ""
    seconds: float = 0.0  # before the answer


@dataclass
class Site:
    """`pages` by path; `faults` by path stand before them. `asked` is what was asked for, in order."""

    url: str = ""
    pages: dict[str, bytes] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    def paths(self) -> list[str]:
        return [one.path for one in self.asked]

    def sent(self) -> int:
        return sum(one.sent for one in self.asked)


class _Handler(BaseHTTPRequestHandler):
    site: Site

    def do_GET(self) -> None:
        site = self.site
        site.at_once += 1
        site.most_at_once = max(site.most_at_once, site.at_once)
        try:
            self._answer(site)
        finally:
            site.at_once -= 1

    def _answer(self, site: Site) -> None:
        if fault := site.faults.get(self.path):
            time.sleep(fault.seconds)
            self._send(fault.status, b"", {"Retry-After": fault.retry_after} if fault.retry_after else {})
            return
        body = site.pages.get(self.path)
        if body is None:
            self._send(404, b"", {})
            return
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        is_known = self.headers.get("If-None-Match") == tag
        self._send(304 if is_known else 200, b"" if is_known else body, {"ETag": tag})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        agent, traceparent = (self.headers.get(name, "") for name in ("User-Agent", "traceparent"))
        self.site.asked.append(Asked(self.path, status, len(body), agent, traceparent, time.monotonic()))
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@contextmanager
def site() -> Iterator[Site]:
    found = Site()
    handler = type("Handler", (_Handler,), {"site": found})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        found.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield found
        server.shutdown()
        thread.join()
