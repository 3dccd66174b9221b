"""Criteria met and unmet → a level, how sure it is and why not the next (pure functions)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from esg.rubric import Criterion, Theme


@dataclass(frozen=True, slots=True)
class Standing:
    """The level that the met criteria reach, and the shares of weight that confidence is made from."""

    level: int
    held: float  # weight met of all levels up to this one, 0..1
    next_share: float  # weight met of the next level over what it needs, 0..1


def share(criteria: Sequence[Criterion], met: Mapping[str, bool]) -> float:
    """Weigh the met criteria; 0 where there are none."""
    total = sum(c.weight for c in criteria)
    return sum(c.weight for c in criteria if met[c.id]) / total if total else 0.0


def reaches(theme: Theme, level: int, met: Mapping[str, bool]) -> bool:
    """Whether a level's own demands hold: all that is required, and its needed share of weight."""
    criteria = theme.of_level(level)
    if any(c.required and not met[c.id] for c in criteria):
        return False
    return share(criteria, met) >= theme.demands[level - 1].need - 1e-9


def standing(theme: Theme, met: Mapping[str, bool]) -> Standing:
    """Find the highest level whose demands hold while those below substantially hold, too."""
    level = max((n for n in (1, 2, 3, 4) if _holds(theme, n, met)), default=0)
    upto = [c for c in theme.criteria if c.level <= max(level, 1)]
    return Standing(level, share(upto, met), _toward(theme, level + 1, met))


def _holds(theme: Theme, level: int, met: Mapping[str, bool]) -> bool:
    if not reaches(theme, level, met):
        return False
    below = [c for c in theme.criteria if c.level < level]
    return not below or share(below, met) >= theme.unmet - 1e-9


def _toward(theme: Theme, level: int, met: Mapping[str, bool]) -> float:
    """How far the next level is reached, 1 meaning that only something required is missing."""
    if level > 4:
        return 0.0
    return min(1.0, share(theme.of_level(level), met) / theme.demands[level - 1].need)
