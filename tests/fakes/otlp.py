"""An OTLP/HTTP receiver: takes what exporters post to /v1/traces and gives the spans back as values."""

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.trace.v1 import trace_pb2


@dataclass(frozen=True)
class Told:
    """One span."""

    trace: str
    id: str
    parent: str  # "" of a root
    name: str
    kind: str
    service: str
    is_error: bool
    attributes: dict[str, object]
    links: tuple[tuple[str, str], ...]  # (span id, what it is)
    raw: str  # everything that was sent of it, for who looks for what must not be there


class Receiver(ThreadingHTTPServer):
    """Remembers all that was posted; what is no ExportTraceServiceRequest is refused."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[ExportTraceServiceRequest] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def spans(self) -> list[Told]:
        return [
            _told(span, str(_values(resource.resource.attributes)["service.name"]))
            for request in list(self.requests)
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def of(self, trace: str) -> list[Told]:
        return [span for span in self.spans() if span.trace == trace]

    def until(self, condition: Callable[[], bool], seconds: float = 60.0) -> None:
        """Wait: exporters send every few seconds."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, sorted((s.name, s.trace, s.service) for s in self.spans())
            time.sleep(0.1)


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        is_right = self.path == "/v1/traces" and self.headers["Content-Type"] == "application/x-protobuf"
        if is_right:
            self.server.requests.append(ExportTraceServiceRequest.FromString(body))
        answer = ExportTraceServiceResponse().SerializeToString()
        self.send_response(200 if is_right else 400)
        self.send_header("Content-Type", "application/x-protobuf")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def receiving() -> Iterator[Receiver]:
    with Receiver() as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.shutdown()


def _told(span: trace_pb2.Span, service: str) -> Told:
    return Told(
        span.trace_id.hex(),
        span.span_id.hex(),
        span.parent_span_id.hex(),
        span.name,
        trace_pb2.Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_").lower(),
        service,
        span.status.code == trace_pb2.Status.STATUS_CODE_ERROR,
        _values(span.attributes),
        tuple((link.span_id.hex(), str(_values(link.attributes).get("esg.link", ""))) for link in span.links),
        str(span),
    )


def _values(found: object) -> dict[str, object]:
    pairs: list[KeyValue] = list(found)  # type: ignore[call-overload]
    return {pair.key: getattr(pair.value, str(pair.value.WhichOneof("value"))) for pair in pairs}
