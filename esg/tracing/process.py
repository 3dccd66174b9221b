"""settings → this process's tracer, made once and after any fork: an exporter's thread survives none."""

import os
import socket
import sys
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Literal

from esg.errors import Misconfigured

FLUSH_MILLISECONDS = 5000

_providers: dict[int, Any] = {}  # of SDK type TracerProvider, by process; the extra may be missing


@dataclass(frozen=True, slots=True)
class Exporting:
    """Where spans go, and how many of all traces."""

    exporter: Literal["otlp", "console", "none"] = "none"
    ratio: float = 1.0


def start(exporting: Exporting, *, service: str) -> bool:
    """Set tracing up in this process and say whether it is on; raises Misconfigured without the extra."""
    if exporting.exporter == "none":
        return False
    if os.getpid() not in _providers:
        try:
            _providers[os.getpid()] = _open(exporting, service)
        except ModuleNotFoundError as error:
            raise Misconfigured(
                "Spans are asked for, but OpenTelemetry is not installed.",
                next_step="Run: pip install 'esg-engine[otel]', or unset OTEL_EXPORTER_OTLP_ENDPOINT.",
            ) from error
    return True


def is_on() -> bool:
    return os.getpid() in _providers


def provider() -> Any:
    """This process's own; only where `is_on`."""
    return _providers[os.getpid()]


def tracer() -> Any:
    return provider().get_tracer("esg", version("esg-engine"))


def current() -> str:
    """Give the traceparent of the span that is open here; "" where none is."""
    if not is_on():
        return ""
    from opentelemetry import propagate

    carrier: dict[str, str] = {}
    propagate.inject(carrier)
    return carrier.get("traceparent", "")


def flush() -> None:
    """Send what is buffered: a process that ends would lose it."""
    if is_on():
        provider().force_flush(FLUSH_MILLISECONDS)


def _open(exporting: Exporting, service: str) -> Any:
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider

    from esg.tracing.errors_kept import ErrorsKept
    from esg.tracing.ids import Ids
    from esg.tracing.sampler import RecordAll

    about = {
        "service.name": service,
        "service.namespace": "esg",
        "service.version": version("esg-engine"),
        "service.instance.id": f"{socket.gethostname()}-{os.getpid()}",
    }
    opened = TracerProvider(
        resource=Resource.create(about),
        sampler=RecordAll(exporting.ratio),
        id_generator=Ids(),
        shutdown_on_exit=True,
    )
    opened.add_span_processor(ErrorsKept(_exporter(exporting)))
    return opened


def _exporter(exporting: Exporting) -> Any:
    if exporting.exporter == "console":
        from opentelemetry.sdk.trace.export import ConsoleSpanExporter

        return ConsoleSpanExporter(out=sys.stderr, formatter=lambda span: span.to_json(indent=None) + "\n")
    from esg.tracing.otlp import open_exporter

    return open_exporter()
