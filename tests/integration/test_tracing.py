"""Spans of a worker's child, sent where OTEL_EXPORTER_OTLP_ENDPOINT says, in the trace of the submission."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from signal import SIGTERM

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from esg.state import Unit
from tests.fakes.fleets import Fleet

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


class Collector(ThreadingHTTPServer):
    """Takes OTLP over HTTP and remembers the bodies."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.bodies: list[bytes] = []

    def spans(self) -> list[tuple[str, str]]:
        """Give the name and the trace of each span."""
        requests = [ExportTraceServiceRequest.FromString(body) for body in self.bodies]
        scopes = [scope for r in requests for resource in r.resource_spans for scope in resource.scope_spans]
        return [(span.name, span.trace_id.hex()) for scope in scopes for span in scope.spans]


class _Handler(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_worker_that_ends_has_sent_its_last_span(collector: Collector, tmp_path: Path) -> None:
    """A batch processor sends every five seconds; what it holds when its child ends must not be lost."""
    with Fleet(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{collector.server_port}") as fleet:
        fleet.start("index")
        trace = f"00-{TRACE}-00f067aa0ba902b7-01"
        unit = fleet.state.enqueue(Unit("index.probe", "traced", {"source": "traced"}, trace=trace))
        fleet.until_state(unit, "done")

        fleet.workers["index"].send(SIGTERM)
        fleet.workers["index"].process.wait(60)

        assert collector.spans() == [("index.probe", TRACE)]
