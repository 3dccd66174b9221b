"""Span ids: random, or the one that was asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

_wanted: ContextVar[str] = ContextVar("esg_span_id", default="")


@contextmanager
def wanting(span_id: str) -> Iterator[None]:
    """Give the next span begun inside this id."""
    token = _wanted.set(span_id)
    try:
        yield
    finally:
        _wanted.reset(token)


class Ids(RandomIdGenerator):
    def generate_span_id(self) -> int:
        wanted = _wanted.get()
        return int(wanted, 16) if wanted else super().generate_span_id()
