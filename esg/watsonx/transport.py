"""HTTPS to the service: one request per call, TLS verified, and no wait beyond the attempt's end."""

import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpcore
import httpx

from esg.deadline import Deadline, DeadlineStream
from esg.errors import Misconfigured

CONNECTIONS = 16
IDLE_SECONDS = 30.0  # a connection that rested longer may be dead at the other end
CONNECT_SECONDS = 10.0
Through = Callable[[httpx.BaseTransport], httpx.BaseTransport]  # puts something before the transport
OF_TOKENS_BUSY = (408, 429)  # the SDK would take these for a refused key


class AttemptEnd(threading.local):
    """When the attempt of the calling thread must be over: connections outlive attempts, so they ask it."""

    deadline: Deadline | None = None

    def remaining(self, at_most: float | None = None) -> float:
        if self.deadline is None:
            raise httpcore.ReadTimeout("no attempt is under way")
        return self.deadline.remaining(at_most)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        self.deadline = Deadline.after(seconds)
        try:
            yield
        finally:
            self.deadline = None


class _Backend(httpcore.NetworkBackend):
    def __init__(self, end: AttemptEnd) -> None:
        self._end = end
        self._tcp = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        limit = self._end.remaining(timeout)
        return DeadlineStream(
            self._tcp.connect_tcp(host, port, limit, local_address, socket_options), self._end
        )


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class Transport(httpx.BaseTransport):
    """httpcore's own pool, since httpx gives no way to a backend; its errors stay httpcore's."""

    def __init__(self, tls: ssl.SSLContext, end: AttemptEnd) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls,
            max_connections=CONNECTIONS,
            max_keepalive_connections=CONNECTIONS,
            keepalive_expiry=IDLE_SECONDS,
            retries=0,
            network_backend=_Backend(end),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        response = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=url,
                headers=request.headers.raw,
                content=request.read(),
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            response.status, headers=response.headers, stream=_Body(response), extensions=response.extensions
        )

    def close(self) -> None:
        self._pool.close()


def trusting(ca: Path | None) -> ssl.SSLContext:
    """Trust the authorities of a file, else the system's; raises Misconfigured for a file that is none."""
    try:
        return ssl.create_default_context(cafile=ca)
    except (ssl.SSLError, OSError) as error:
        raise Misconfigured(
            f"ESG_WATSONX_CA_BUNDLE is {ca}, which holds no certificates that can be read.",
            next_step="Set it to a PEM file, or unset it to trust what the system trusts.",
        ) from error


def open_http(tls: ssl.SSLContext, end: AttemptEnd, through: Through | None = None) -> httpx.Client:
    """Open the client that the SDK sends everything with; waits end with `end`, not with httpx's timeouts."""
    transport: httpx.BaseTransport = Transport(tls, end)
    return httpx.Client(
        transport=through(transport) if through else transport,
        timeout=httpx.Timeout(None, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS),
        event_hooks={"response": [_tell_busy_from_refused]},
    )


def _tell_busy_from_refused(response: httpx.Response) -> None:
    if response.status_code in OF_TOKENS_BUSY and response.request.url.path.endswith("/identity/token"):
        response.read()
        response.raise_for_status()
