"""A part that does input or output → the same part, each of its calls a span: the one place for it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar, cast

from esg.errors import NotFound
from esg.tracing import process
from esg.tracing.spans import Value, span

Part = TypeVar("Part")


def watched(part: Part, name: str, calls: Sequence[str]) -> Part:
    """Give `part` with `calls` that are spans `NAME CALL` of kind client, inside of a span that is open."""
    return cast("Part", _Watched(part, name, frozenset(calls)))


class _Watched:
    """Everything but the calls is the part's own."""

    def __init__(self, part: Any, name: str, calls: frozenset[str]) -> None:
        self._part = part
        self._name = name
        self._calls = calls

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """The part's own, so that it is still what it is to `isinstance`."""
        return type(self._part)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._part, name)
        if name not in self._calls or not process.is_on():
            return found
        return partial(self._call, name, found)

    def _call(self, name: str, call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if not process.current():
            return call(*args, **kwargs)
        about: dict[str, Value] = {"esg.part": self._name, "esg.operation": name}
        if args and isinstance(args[0], Sequence) and not isinstance(args[0], str | bytes):
            about["esg.items"] = len(args[0])
        with span(f"{self._name} {name}", "client", attributes=about, expected=(NotFound,)):
            return call(*args, **kwargs)
