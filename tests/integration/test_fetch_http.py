"""Fetching over real sockets: a server on the loopback interface that misbehaves in every way we know.

Hosts are named by a resolver of the test, as public addresses; the network below leads all of them to the
server. So nothing is allowed here that is not allowed in production.
"""

import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpcore
import pytest

from esg.domain import Fetched, MediaType
from esg.errors import EsgError, Rejected, Transient
from esg.fetch import FetchLimits, fetch
from esg.fetch.http import download

PDF = b"%PDF-1.7\n" + b"x" * 5000
HOSTS = {
    "reports.example": ["93.184.216.34"],
    "other.example": ["8.8.8.8"],
    "inside.example": ["10.0.0.5"],
    "half-inside.example": ["8.8.8.8", "127.0.0.1"],
    "metadata.example": ["169.254.169.254"],
    "localhost": ["127.0.0.1"],
}
LIMITS = FetchLimits(max_bytes=20_000, timeout_seconds=10)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))  # type: ignore[attr-defined]
        PAGES[self.path.split("?")[0]](self)

    def log_message(self, *_: Any) -> None:
        """Keep the test's output clean."""

    def send(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content_Length": str(len(body))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def pour(self, piece: bytes, *, times: int, pause_seconds: float = 0.0) -> None:
        """Send a body whose length nobody says."""
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        for _ in range(times):
            try:
                self.wfile.write(piece)
            except OSError:  # the other side has had enough
                return
            time.sleep(pause_seconds)

    def drip(self, text: bytes) -> None:
        """Send an answer's head byte by byte."""
        self.close_connection = True
        for byte in text:
            try:
                self.wfile.write(bytes([byte]))
            except OSError:
                return
            time.sleep(0.1)

    def cut(self) -> None:
        """Announce more than is sent."""
        self.send_response(200)
        self.send_header("Content-Length", "10000")
        self.end_headers()
        self.wfile.write(PDF[:100])
        self.close_connection = True


def to(url: str, status: int = 302) -> Callable[[_Handler], None]:
    return lambda handler: handler.send(status, Location=url)


PAGES: dict[str, Callable[[_Handler], None]] = {
    "/report.pdf": lambda h: h.send(
        200, PDF, Content_Type="application/pdf", ETag='"1"', Set_Cookie="secret=1"
    ),
    "/report": lambda h: h.send(200, b"<html><body>report</body></html>", Content_Type="text/html"),
    "/chunked.pdf": lambda h: h.pour(PDF[:500], times=4),
    "/zipped.pdf": lambda h: h.send(200, gzip.compress(PDF), Content_Encoding="gzip"),
    "/bomb.pdf": lambda h: h.send(200, gzip.compress(bytes(10**6)), Content_Encoding="gzip"),
    "/empty.pdf": lambda h: h.send(200),
    "/picture": lambda h: h.send(200, b"\x89PNG\r\n\x1a\n" + bytes(50), Content_Type="application/pdf"),
    "/login.pdf": lambda h: h.send(200, b"<html>Please log in", Content_Type="application/pdf"),
    "/announced.pdf": lambda h: h.send(200, b"", Content_Length="20001"),
    "/endless.pdf": lambda h: h.pour(PDF, times=10_000),
    "/slow-body.pdf": lambda h: h.pour(b"%PDF", times=100, pause_seconds=0.1),
    "/slow-head.pdf": lambda h: h.drip(b"HTTP/1.1 200 OK\r\nX-Padding: " + b"x" * 200),
    "/silent.pdf": lambda h: time.sleep(3),
    "/cut.pdf": lambda h: h.cut(),
    "/busy.pdf": lambda h: h.send(429, Retry_After="7"),
    "/broken.pdf": lambda h: h.send(503),
    "/gone.pdf": lambda h: h.send(410),
    "/forbidden.pdf": lambda h: h.send(403),
    "/moved": to("/report.pdf?from=moved#page=3", 301),
    "/moved-far": to("http://other.example/report.pdf", 308),
    "/moved-inside": to("http://inside.example/report.pdf"),
    "/moved-half-inside": to("http://half-inside.example/report.pdf"),
    "/moved-metadata": to("http://metadata.example/report"),
    "/moved-localhost": to("http://localhost/report.pdf"),
    "/moved-file": to("file:///etc/passwd"),
    "/moved-nowhere": lambda h: h.send(302),
    "/round": to("/round"),
}


class _LeadToServer(httpcore.NetworkBackend):
    """The network below: whatever address is asked for, the server of the test answers."""

    def __init__(self, port: int) -> None:
        self.addresses: list[str] = []
        self._port = port
        self._tcp = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        self.addresses.append(host)
        return self._tcp.connect_tcp("127.0.0.1", self._port, timeout)


def resolve_test_hosts(host: str, _: int) -> list[str]:
    if host not in HOSTS:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")
    return HOSTS[host]


class Site:
    """A server, and a way to fetch from it under the names of `HOSTS`."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        server.asked = []  # type: ignore[attr-defined]
        self.port: int = server.server_address[1]
        self.asked: list[tuple[str, dict[str, str]]] = server.asked  # type: ignore[attr-defined]
        self.network = _LeadToServer(self.port)

    def fetch(
        self, path: str, *, limits: FetchLimits = LIMITS, base: str = "http://reports.example"
    ) -> Fetched:
        return download(base + path, limits=limits, resolver=resolve_test_hosts, tcp=self.network)

    def failure(self, path: str, **options: Any) -> EsgError:
        with pytest.raises(EsgError) as failure:
            self.fetch(path, **options)
        return failure.value

    def code(self, path: str, **options: Any) -> str:
        refusal = self.failure(path, **options)
        assert isinstance(refusal, Rejected), refusal
        return refusal.code


@pytest.fixture
def site() -> Iterator[Site]:
    with serving_site() as site:
        yield site


@contextmanager
def serving_site(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield Site(server)
    server.shutdown()
    server.server_close()


# -- what works -------------------------------------------------------------------------------------------


def test_a_document_is_fetched_with_where_it_came_from(site: Site) -> None:
    fetched = site.fetch("/report.pdf")

    assert (fetched.data, fetched.media_type) == (PDF, MediaType.PDF)
    assert fetched.source == fetched.final_url == "http://reports.example/report.pdf"
    assert dict(fetched.headers)["etag"] == '"1"'
    assert "set-cookie" not in dict(fetched.headers)
    assert site.network.addresses == HOSTS["reports.example"]
    assert site.asked[0][1]["Host"] == "reports.example"


def test_a_web_page_is_a_document(site: Site) -> None:
    assert site.fetch("/report").media_type is MediaType.HTML


def test_a_body_of_unknown_length_is_read_to_its_end(site: Site) -> None:
    assert site.fetch("/chunked.pdf").data == PDF[:500] * 4


def test_a_body_compressed_unasked_is_inflated(site: Site) -> None:
    assert site.fetch("/zipped.pdf").data == PDF


def test_redirects_are_followed_and_the_last_address_is_kept(site: Site) -> None:
    assert site.fetch("/moved").final_url == "http://reports.example/report.pdf?from=moved"
    assert site.fetch("/moved-far").final_url == "http://other.example/report.pdf"
    assert site.asked[-1][1]["Host"] == "other.example"
    assert site.network.addresses[-1] == "8.8.8.8"


def test_an_ip_literal_with_a_port_is_fetched_where_private_is_allowed(site: Site) -> None:
    limits = FetchLimits(max_bytes=20_000, timeout_seconds=10, allow_private=True)

    fetched = fetch(f"http://127.0.0.1:{site.port}/report.pdf", limits=limits)

    assert fetched.data == PDF
    assert site.asked[-1][1]["Host"] == f"127.0.0.1:{site.port}"


def test_proxies_of_the_environment_are_not_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")

    assert site.fetch("/report.pdf").data == PDF


# -- where it may not go ----------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["inside", "half-inside", "metadata"])
def test_a_host_inside_is_not_connected_to(site: Site, host: str) -> None:
    assert site.code("/report.pdf", base=f"http://{host}.example") == "refused_address"
    assert site.network.addresses == []


@pytest.mark.parametrize(
    "path", ["/moved-inside", "/moved-half-inside", "/moved-metadata", "/moved-localhost"]
)
def test_a_redirect_inside_is_refused_at_its_hop(site: Site, path: str) -> None:
    assert site.code(path) == "refused_address"
    assert [asked for asked, _ in site.asked] == [path]


def test_a_redirect_out_of_http_is_refused(site: Site) -> None:
    assert site.code("/moved-file") == "unsupported_url"


def test_redirects_in_a_circle_end(site: Site) -> None:
    assert site.code("/round") == "too_many_redirects"
    assert len(site.asked) == 6


def test_a_redirect_to_nowhere_is_an_error(site: Site) -> None:
    assert site.code("/moved-nowhere") == "http_error"


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]"])
def test_loopback_is_refused_however_it_is_written(site: Site, host: str) -> None:
    with pytest.raises(Rejected) as refusal:
        fetch(f"http://{host}:{site.port}/report.pdf", limits=LIMITS)

    assert refusal.value.code in ("refused_address", "unsupported_url")
    assert site.asked == []


# -- what it may cost -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/announced.pdf", "/endless.pdf", "/bomb.pdf"])
def test_a_body_over_the_cap_is_refused_however_it_comes(site: Site, path: str) -> None:
    assert site.code(path) == "too_big"


@pytest.mark.parametrize("path", ["/slow-body.pdf", "/slow-head.pdf", "/silent.pdf"])
def test_a_slow_answer_ends_at_the_deadline(site: Site, path: str) -> None:
    began = time.monotonic()

    failure = site.failure(path, limits=FetchLimits(max_bytes=20_000, timeout_seconds=0.7))

    assert isinstance(failure, Transient)
    assert time.monotonic() - began < 2


# -- what the server says ---------------------------------------------------------------------------------


def test_a_busy_server_says_when_to_come_back(site: Site) -> None:
    failure = site.failure("/busy.pdf")

    assert isinstance(failure, Transient)
    assert failure.retry_after_seconds == 7


@pytest.mark.parametrize("path", ["/broken.pdf", "/cut.pdf"])
def test_a_broken_answer_is_tried_again(site: Site, path: str) -> None:
    assert isinstance(site.failure(path), Transient)


def test_a_server_that_is_not_there_is_tried_again() -> None:
    limits = FetchLimits(timeout_seconds=2, allow_private=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with pytest.raises(Transient):
        fetch(f"http://127.0.0.1:{port}/report.pdf", limits=limits)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/gone.pdf", "not_found"),
        ("/forbidden.pdf", "forbidden"),
        ("/empty.pdf", "empty"),
        ("/picture", "unsupported_type"),
        ("/login.pdf", "not_a_pdf"),
    ],
)
def test_what_will_never_work_is_rejected_with_its_reason(site: Site, path: str, code: str) -> None:
    assert site.code(path) == code


def test_a_host_nobody_knows_is_rejected(site: Site) -> None:
    assert site.code("/report.pdf", base="http://typo.example") == "unknown_host"


# -- TLS --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate of reports.example, with its key in the same file."""
    if not (openssl := shutil.which("openssl")):
        pytest.skip("openssl, which makes the certificate, is not installed")
    path = tmp_path_factory.mktemp("tls") / "reports.pem"
    subject = ["-subj", "/CN=reports.example", "-addext", "subjectAltName=DNS:reports.example"]
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-days", "2", "-keyout", path, "-out", path.with_suffix(".crt"), *subject),
        ],
        check=True,
        capture_output=True,
    )
    path.write_bytes(path.read_bytes() + path.with_suffix(".crt").read_bytes())
    return path


@pytest.fixture
def secure_site(certificate: Path) -> Iterator[Site]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with serving_site(context) as site:
        yield site


def test_a_certificate_nobody_vouches_for_is_refused(secure_site: Site) -> None:
    assert secure_site.code("/report.pdf", base="https://reports.example") == "untrusted_certificate"


def test_a_trusted_certificate_is_checked_against_the_name_not_the_address(
    secure_site: Site, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".crt")))

    assert secure_site.fetch("/report.pdf", base="https://reports.example").data == PDF
    assert secure_site.code("/report.pdf", base="https://other.example") == "untrusted_certificate"
