"""Spans of tasks, where OTEL_EXPORTER_OTLP_ENDPOINT is set and the extra `otel` is installed.

Set up by the first task of a process, thus after any fork or spawn: an exporter's thread survives neither.
"""

from functools import cached_property
from typing import Any

from esg.errors import Misconfigured
from esg.state import Claimed


class Spans:
    """The spans of the stage runs that are under way in this process."""

    def __init__(self, endpoint: str) -> None:
        self._is_on = bool(endpoint)
        self._open: dict[str, Any] = {}

    def open(self, claimed: Claimed) -> None:
        """Begin the span of a stage run."""
        if not self._is_on:
            return
        from opentelemetry import propagate, trace

        span = self._provider.get_tracer("esg").start_as_current_span(
            claimed.task,
            context=propagate.extract({"traceparent": claimed.trace}),
            kind=trace.SpanKind.CONSUMER,
            attributes={
                "messaging.system": "redis",
                "messaging.destination.name": claimed.stage,
                "messaging.message.id": claimed.id,
                "esg.attempt": claimed.attempts,
            },
        )
        span.__enter__()
        self._open[claimed.id] = span

    def close(self, claimed: Claimed, *, outcome: str) -> None:
        """End it."""
        span = self._open.pop(claimed.id, None)
        if span is None:
            return
        from opentelemetry import trace

        current = trace.get_current_span()
        current.set_attribute("esg.outcome", outcome)
        if outcome in ("failed", "rejected"):
            current.set_status(trace.StatusCode.ERROR)
        span.__exit__(None, None, None)

    def flush(self) -> None:
        if "_provider" in self.__dict__:
            self._provider.force_flush(5000)

    @cached_property
    def _provider(self) -> Any:
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
        except ModuleNotFoundError as error:
            raise Misconfigured(
                "OTEL_EXPORTER_OTLP_ENDPOINT is set, but OpenTelemetry is not installed.",
                next_step="Run: pip install 'esg-engine[otel]'",
            ) from error
        provider = TracerProvider(resource=Resource.create({"service.name": "esg"}))
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        return provider
