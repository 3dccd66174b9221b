"""Results → one paragraph made of nothing but the criteria's own sentences and where they were found."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from types import MappingProxyType

from esg.domain import Status
from esg.rubric import Theme
from esg.score.levels import Standing
from esg.score.support import Support

ALONE: Mapping[str, int] = MappingProxyType({})  # one document needs no number


def rationale(
    theme: Theme,
    standing: Standing,
    supports: Sequence[Support],
    *,
    status: Status,
    notes: Sequence[str],
    numbers: Mapping[str, int] = ALONE,
) -> str:
    """Say the level, what was met and where, and what would raise it.

    Where there are several documents, `numbers` tells which number each goes by.
    """
    parts = [
        _opening(theme, standing, status),
        *_met(standing, supports, numbers),
        *_missing(standing, supports),
        *notes,
    ]
    return " ".join(part for part in parts if part)


def _opening(theme: Theme, standing: Standing, status: Status) -> str:
    if status == Status.NOT_DISCLOSED:
        return f"The document does not speak of {theme.name} in a way that any criterion asks for."
    if standing.level == 0:
        return "Level 0: the demands of level 1 are not met."
    return f"Level {standing.level}: {theme.demands[standing.level - 1].text}"


def _met(standing: Standing, supports: Sequence[Support], numbers: Mapping[str, int]) -> list[str]:
    met = [s for s in supports if s.met and s.quotes and s.criterion.level <= max(standing.level, 1)]
    if not met:
        return []
    strongest = sorted(met, key=lambda s: (-s.criterion.level, -s.criterion.weight))[:4]
    return ["Met: " + "; ".join(f"{_clause(s)} ({_places(s, numbers)})" for s in strongest) + "."]


def _missing(standing: Standing, supports: Sequence[Support]) -> list[str]:
    level = min(standing.level + 1, 4)
    missing = [s for s in supports if not s.met and s.criterion.level == level and s.criterion.weight]
    if not missing:
        return []
    first = sorted(missing, key=lambda s: (not s.criterion.required, -s.criterion.weight))[:3]
    return [f"Not found for level {level}: " + "; ".join(map(_clause, first)) + "."]


def _clause(support: Support) -> str:
    text = support.criterion.text.rstrip(".")
    return text[:1].lower() + text[1:] if text[1:2].islower() or text.startswith("A ") else text


def _places(support: Support, numbers: Mapping[str, int]) -> str:
    places = sorted({(numbers.get(e.document_id, 0), e.page) for e in support.quotes})
    pages = groupby(places, key=lambda place: place[0])
    return ", ".join([support.criterion.id, *(_of_document(n, [page for _, page in of]) for n, of in pages)])


def _of_document(number: int, pages: Sequence[int]) -> str:
    which = f"document {number} " if number else ""
    return f"{which}p. " + ", ".join(map(str, pages))
