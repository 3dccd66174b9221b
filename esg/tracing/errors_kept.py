"""Ended spans → batches to export: what is sampled, and of the rest what ended in error.

The decision is made when the first span that a process opened of a trace (its local root) ends. An unsampled
trace tells of the stage run that failed, with all that was done in it, and not of those that went well.
"""

from threading import Lock

from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import SpanContext, StatusCode, TraceFlags, get_current_span

from esg.tracing.attributes import allowed

LARGEST = 500  # spans of one local root that are remembered; of more the first are told


class ErrorsKept(SpanProcessor):
    """Stands before the batches that are exported; safe to share between threads."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._batches = BatchSpanProcessor(exporter)
        self._lock = Lock()
        self._root_of: dict[int, int] = {}  # of unsampled spans that are open
        self._ended: dict[int, list[ReadableSpan]] = {}  # by local root

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        if _context(span).trace_flags.sampled:
            return
        parent = get_current_span(parent_context).get_span_context()
        own = _context(span).span_id
        with self._lock:
            root = self._root_of.get(parent.span_id, own)
            self._root_of[own] = root
            self._ended.setdefault(root, [])

    def on_end(self, span: ReadableSpan) -> None:
        if _context(span).trace_flags.sampled:
            self._batches.on_end(_told(span))
            return
        own = _context(span).span_id
        with self._lock:
            root = self._root_of.pop(own, own)
            ended = self._ended.get(root, [])
            if len(ended) < LARGEST or own == root:
                ended.append(span)
            done = self._ended.pop(root, []) if own == root else []
        if done and span.status.status_code is StatusCode.ERROR:
            for kept in done:
                self._batches.on_end(_told(kept))

    def shutdown(self) -> None:
        self._batches.shutdown()  # type: ignore[no-untyped-call]

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._batches.force_flush(timeout_millis)


def _told(span: ReadableSpan) -> ReadableSpan:
    """The span as it may leave: sampled, and without events, which hold the words of exceptions."""
    context = _context(span)
    return ReadableSpan(
        name=span.name,
        context=SpanContext(
            context.trace_id,
            context.span_id,
            is_remote=False,
            trace_flags=TraceFlags(context.trace_flags | TraceFlags.SAMPLED),
            trace_state=context.trace_state,
        ),
        parent=span.parent,
        resource=span.resource,
        attributes=allowed(span.attributes),
        links=span.links,
        kind=span.kind,
        status=type(span.status)(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _context(span: ReadableSpan) -> SpanContext:
    context = span.get_span_context()
    assert context is not None  # noqa: S101  # nosec B101  # only a span that was never started has none
    return context
