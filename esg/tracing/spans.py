"""One span around a block; nothing where tracing is off."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal

from esg.tracing import process

Kind = Literal["internal", "client", "server", "producer", "consumer"]
Value = str | int | float | bool
NOTHING: Mapping[str, Value] = {}


class Span:
    """What may be done to an open span; does nothing where there is none."""

    def __init__(self, opened: Any = None) -> None:
        self._opened = opened

    @property
    def traceparent(self) -> str:
        """What whoever works for it continues; "" where there is none."""
        if self._opened is None:
            return ""
        context = self._opened.get_span_context()
        return f"00-{context.trace_id:032x}-{context.span_id:016x}-{int(context.trace_flags):02x}"

    def rename(self, name: str) -> None:
        if self._opened is not None:
            self._opened.update_name(name)

    def say(self, attributes: Mapping[str, Value]) -> None:
        if self._opened is not None:
            self._opened.set_attributes(dict(attributes))

    def fail(self, kind: str) -> None:
        """Say that it ended badly, and how; never in the words of an exception."""
        if self._opened is not None:
            from opentelemetry.trace import StatusCode

            self._opened.set_attribute("error.type", kind)
            self._opened.set_status(StatusCode.ERROR)


@contextmanager
def span(
    name: str,
    kind: Kind = "internal",
    *,
    parent: str | None = None,
    span_id: str = "",
    links: Sequence[tuple[str, str]] = (),
    attributes: Mapping[str, Value] = NOTHING,
    expected: tuple[type[BaseException], ...] = (),
) -> Iterator[Span]:
    """Open a span in the one that is open here, or in the traceparent `parent`; "" begins a trace.

    `links` are traceparents with the word that says what they are. An exception marks it, by its type, unless
    it is an `expected` one.
    """
    if not process.is_on():
        yield Span()
        return
    from opentelemetry.trace import use_span

    opened = _start(name, kind, parent, span_id, attributes, links)
    with use_span(opened, end_on_exit=True, record_exception=False, set_status_on_exception=False):
        told = Span(opened)
        try:
            yield told
        except BaseException as error:
            if not isinstance(error, expected):
                told.fail(type(error).__name__)
            raise


def _start(
    name: str,
    kind: Kind,
    parent: str | None,
    span_id: str,
    attributes: Mapping[str, Value],
    links: Sequence[tuple[str, str]],
    started_ns: int | None = None,
) -> Any:
    from opentelemetry.trace import SpanKind

    from esg.tracing.ids import wanting

    with wanting(span_id):
        return process.tracer().start_span(
            name,
            context=_context(parent),
            kind=SpanKind[kind.upper()],
            attributes=dict(attributes),
            links=_links(links),
            start_time=started_ns,
        )


def _context(parent: str | None) -> Any:
    if parent is None:
        return None
    from opentelemetry import context
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    return TraceContextTextMapPropagator().extract({"traceparent": parent}, context.Context())


def _links(links: Sequence[tuple[str, str]]) -> list[Any]:
    from opentelemetry.trace import Link, get_current_span

    found = [(get_current_span(_context(to)).get_span_context(), word) for to, word in links]
    return [Link(context, {"esg.link": word}) for context, word in found if context.is_valid]


def record(
    name: str,
    started_ns: int,
    kind: Kind = "client",
    *,
    parent: str | None = None,
    span_id: str = "",
    attributes: Mapping[str, Value] = NOTHING,
    links: Sequence[tuple[str, str]] = (),
    failure: str = "",
) -> None:
    """Tell of what is over, in the span that is open here or in `parent`; nothing where there is neither."""
    if not process.is_on() or (parent is None and not process.current()):
        return
    opened = _start(name, kind, parent, span_id, attributes, links, started_ns)
    if failure:
        Span(opened).fail(failure)
    opened.end()


def here() -> Span:
    """The span that is open here."""
    if not process.current():
        return Span()
    from opentelemetry.trace import get_current_span

    return Span(get_current_span())
