"""Ids by their start, as people copy them."""

from collections.abc import Callable, Iterable

from esg import errors

SHORTEST = 6
WHOLE = 32  # digits of an id that we made
_SHOWN = 8  # of the ids that begin alike
LOOKED_THROUGH = 10_000  # the latest


def is_start(name: str, key: str) -> bool:
    """Whether a name is enough of an id's start to mean it."""
    return len(name) >= SHORTEST and key.startswith(name)


def completed(name: str, ids: Callable[[], Iterable[str]]) -> str:
    """Return the only one of `ids` that begins with `name`; `name` itself where it is one or begins none.

    Raises EsgError, which lists them, when several begin with it.
    """
    if not SHORTEST <= len(name) < WHOLE:
        return name
    found = {key for key in ids() if key.startswith(name)}
    if name in found or not found:
        return name
    if len(found) > 1:
        shown = [*sorted(found)[:_SHOWN], *(["…"] if len(found) > _SHOWN else [])]
        raise errors.EsgError(
            f"{len(found)} ids begin with {name}: {', '.join(shown)}.", next_step="Give more of it."
        )
    return found.pop()
