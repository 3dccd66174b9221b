"""A cue and a passage → where its patterns stand together."""

from collections.abc import Sequence

from esg.rubric import Cue
from esg.score.base import Place
from esg.score.corpus import Corpus


def match(cue: Cue, corpus: Corpus, number: int, *, within: int, year: int | None) -> Place | None:
    """The narrowest place that holds a match of every pattern; None where it is wider than `within`.

    Less than half of the patterns may stand in the passage's context instead. A table row counts whole.
    """
    places: list[list[Place]] = []
    elsewhere = cue.elsewhere
    for pattern in corpus.rarest_first(cue):
        if found := corpus.places(pattern, number, year):
            places.append(found)
        elif elsewhere and corpus.is_beside(pattern, number, year):
            elsewhere -= 1
        else:
            return None
    best = narrowest(places)
    return best if corpus.passages[number].is_row or best[1] - best[0] <= within else None


def narrowest(places: Sequence[Sequence[Place]]) -> Place:
    """The shortest stretch that touches one place of each list, the first of equal ones."""
    if all(len(found) == 1 for found in places):
        return min(start for ((start, _),) in places), max(end for ((_, end),) in places)
    best = (0, 1 << 30)
    for start, _ in sorted({p for found in places for p in found}):
        ends = [min((e for s, e in found if s >= start), default=None) for found in places]
        if any(e is None for e in ends):
            break
        end = max(e for e in ends if e is not None)
        best = min(best, (start, end), key=lambda place: place[1] - place[0])
    return best
