"""Results → one paragraph made of nothing but the criteria's own sentences and where they were found."""

from collections.abc import Sequence

from esg.domain import Status
from esg.rubric import Theme
from esg.score.levels import Standing
from esg.score.support import Support


def rationale(
    theme: Theme, standing: Standing, supports: Sequence[Support], *, status: Status, notes: Sequence[str]
) -> str:
    """Say the level, what was met and where, and what would raise it."""
    parts = [
        _opening(theme, standing, status),
        *_met(standing, supports),
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


def _met(standing: Standing, supports: Sequence[Support]) -> list[str]:
    met = [s for s in supports if s.met and s.quotes and s.criterion.level <= max(standing.level, 1)]
    if not met:
        return []
    strongest = sorted(met, key=lambda s: (-s.criterion.level, -s.criterion.weight))[:4]
    return ["Met: " + "; ".join(f"{_clause(s)} ({_places(s)})" for s in strongest) + "."]


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


def _places(support: Support) -> str:
    pages = sorted({e.page for e in support.quotes})
    return f"{support.criterion.id}, p. " + ", ".join(map(str, pages))
