"""A cue and a passage → where its patterns stand together."""

from collections.abc import Sequence

from esg.rubric import Cue, Sieve, in_time
from esg.score.base import Passage

Place = tuple[int, int]


def match(cue: Cue, passage: Passage, *, within: int, year: int | None) -> Place | None:
    """The narrowest place that holds a match of every pattern; None where it is wider than `within`.

    Less than half of the patterns may stand in the passage's context instead. A table row counts whole.
    """
    places: list[list[Place]] = []
    elsewhere = _elsewhere(cue)
    for pattern in cue.patterns:
        if found := _places(pattern, passage.text, year):
            places.append(found)
        elif elsewhere and _places(pattern, passage.context, year):
            elsewhere -= 1
        else:
            return None
    best = narrowest(places)
    return best if passage.is_row or best[1] - best[0] <= within else None


def may_match(cue: Cue, text_letters: str) -> bool:
    """Whether enough of the cue's patterns may be found in a text; nine times out of ten they may not."""
    missing = _elsewhere(cue)
    for pattern in cue.patterns:
        if not pattern.may_match(text_letters):
            if not missing:
                return False
            missing -= 1
    return True


def _elsewhere(cue: Cue) -> int:
    """How many patterns may stand in the context instead: less than half."""
    return (len(cue.patterns) - 1) // 2


def narrowest(places: Sequence[Sequence[Place]]) -> Place:
    """The shortest stretch that touches one place of each list, the first of equal ones."""
    best = (0, 1 << 30)
    for start, _ in sorted({p for found in places for p in found}):
        ends = [min((e for s, e in found if s >= start), default=None) for found in places]
        if any(e is None for e in ends):
            break
        end = max(e for e in ends if e is not None)
        best = min(best, (start, end), key=lambda place: place[1] - place[0])
    return best


def _places(pattern: Sieve, text: str, year: int | None) -> list[Place]:
    return [m.span() for m in pattern.finditer(text) if in_time(m, year)]
