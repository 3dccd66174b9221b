"""Requests through the whole application, every layer of it, as a server hands them in (ASGI)."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from api.app import create_app
from esg.settings import Settings
from tests.hostile.answer import Answer, Phase

MAY_BE_UNREADY = ("/ready", "/health")  # no broker runs here, and they say so


def open_requests(folder: Path) -> Callable[[bytes, Phase], Answer]:
    settings = Settings(home=folder / "home", api_address_rate=0, broker_url=f"redis+socket://{folder}/none")
    app = create_app(settings)

    def run(data: bytes, phase: Phase) -> Answer:
        scope, body = _parsed(data)
        if scope is None:
            return "no request"
        phase("answer")
        return asyncio.run(_answer(app, scope, body))

    return run


def _parsed(data: bytes) -> tuple[dict[str, Any] | None, bytes]:
    """Read a request as an HTTP parser would let it through; None for what none lets through."""
    head, _, body = data.partition(b"\n\n")
    line, *lines = head.split(b"\n")
    method, _, target = line.partition(b" ")
    if (
        not method.isalpha()
        or not target.startswith(b"/")
        or any(byte <= 32 or byte == 127 for byte in target)
    ):
        return None, b""
    path, _, query = target.partition(b"?")
    headers = [(name.strip().lower(), value.strip()) for name, _, value in (h.partition(b":") for h in lines)]
    if any(not name.replace(b"-", b"").isalnum() or b"\0" in value for name, value in headers):
        return None, b""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method.decode().upper(),
        "scheme": "http",
        "path": unquote_to_bytes(path).decode("utf-8", "replace"),
        "raw_path": path,
        "query_string": query,
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1"), *headers],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    return scope, body


async def _answer(app: Any, scope: dict[str, Any], body: bytes) -> Answer:
    sent: list[dict[str, Any]] = []
    received = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return received.pop(0) if received else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await asyncio.wait_for(app(scope, receive, send), 30)
    return _checked(scope, sent)


def _checked(scope: dict[str, Any], sent: list[dict[str, Any]]) -> Answer:
    status = next((m["status"] for m in sent if m["type"] == "http.response.start"), 0)
    headers = next((dict(m["headers"]) for m in sent if m["type"] == "http.response.start"), {})
    body = b"".join(m.get("body", b"") for m in sent if m["type"] == "http.response.body")
    if status == 503 and scope["path"] in MAY_BE_UNREADY:
        return "503"
    if not 200 <= status < 500:
        raise AssertionError(f"answered {status}: {body[:300]!r}")
    kind = headers.get(b"content-type", b"")
    if status >= 400 and scope["method"] != "HEAD":
        if kind.startswith(b"application/problem+json"):
            told = json.loads(body)
            if told["status"] != status or not told["title"]:
                raise AssertionError(f"a problem without a reason: {body[:300]!r}")
        elif not kind.startswith(b"text/html"):
            raise AssertionError(f"{status} as {kind!r}: {body[:300]!r}")
    return str(status)
