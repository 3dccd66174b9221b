"""A request to somebody else → a span here, and the traceparent that the other end may continue."""

from collections.abc import Iterator
from contextlib import contextmanager

from esg.tracing import process
from esg.tracing.spans import span


@contextmanager
def asking(part: str, operation: str) -> Iterator[str]:
    """Open a span `PART OPERATION` around a request, inside of one that is open; gives its traceparent.

    That is "" where no span is open: nothing goes along then.
    """
    if not process.current():
        yield ""
        return
    about = {"esg.part": part, "esg.operation": operation}
    with span(f"{part} {operation}", "client", attributes=about) as opened:
        yield opened.traceparent
