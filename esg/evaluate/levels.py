"""labelled reports ↔ scorecards: how often a level is one that a careful reader could defend."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from esg.domain import Scorecard, Status, ThemeScore
from esg.evaluate import agreement, calibration
from esg.evaluate.bootstrap import interval
from esg.evaluate.labels import GoldLevel, LabelledReport

LEVELS = 5
CONSTANT = 2  # what somebody would say who has not read the report


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One theme of one report: what its readers say and what we say."""

    report: str
    theme: str
    gold: GoldLevel
    ours: ThemeScore
    quotes: tuple[str, ...]

    @property
    def pair(self) -> agreement.Pair:
        return (self.gold.level, self.ours.level)

    @property
    def is_in_band(self) -> bool:
        return self.gold.holds(self.ours.level)


Report = Sequence[LevelRow]


def compare_levels(label: LabelledReport, card: Scorecard) -> list[LevelRow]:
    """Put each labelled theme beside ours."""
    ours = {theme.code: theme for theme in card.themes}
    quotes = {e.id: e.quote for e in card.evidence}
    return [
        LevelRow(label.stem, code, gold, ours[code], tuple(quotes[e] for e in ours[code].evidence[:3]))
        for code, gold in label.levels.items()
        if code in ours
    ]


def summarise_levels(reports: Sequence[Report]) -> dict[str, Any]:
    """Give the figures over all rows, with 95 % intervals over reports, and what the baselines reach.

    `in_band` is the share of levels inside the readers' band, `exact` that of the first reader's own level,
    `kappa` quadratic weighted, `mae` in levels, `ece` the calibration error of "inside the band".
    """
    rows = [*chain.from_iterable(reports)]
    silent = [row for row in rows if row.ours.status is Status.NOT_DISCLOSED]
    figures = {name: of(reports) for name, of in _FIGURES.items()}
    return figures | {
        "levels": len(rows),
        "reports": len(reports),
        "intervals": {name: interval(reports, of) for name, of in _FIGURES.items()},
        "baselines": {"constant 2": _constant(rows), "other reports' mode": _mode(reports)},
        "not_disclosed": len(silent),
        "not_disclosed_precision": _share([row.gold.low == 0 for row in silent]),
        "themes": {theme: _theme([r for r in rows if r.theme == theme]) for theme in _themes(rows)},
        "confusion": agreement.confusion([row.pair for row in rows], levels=LEVELS),
        "calibration": calibration.bins([(row.ours.confidence, row.is_in_band) for row in rows]),
    }


def level_errors(reports: Sequence[Report]) -> list[dict[str, Any]]:
    """List each level outside the band, with both readings and their quotes."""
    return [
        {
            "report": row.report,
            "theme": row.theme,
            "ours": row.ours.level,
            "gold": row.gold.level,
            "band": [row.gold.low, row.gold.high],
            "our_reason": row.ours.rationale,
            "gold_reason": row.gold.why,
            "our_quotes": list(row.quotes),
            "gold_quotes": list(row.gold.quotes),
        }
        for row in chain.from_iterable(reports)
        if not row.is_in_band
    ]


def _in_band(reports: Sequence[Report]) -> float:
    return _share([row.is_in_band for row in chain.from_iterable(reports)])


def _exact(reports: Sequence[Report]) -> float:
    return agreement.exact(_pairs(reports))


def _kappa(reports: Sequence[Report]) -> float:
    return agreement.quadratic_kappa(_pairs(reports), levels=LEVELS)


def _mae(reports: Sequence[Report]) -> float:
    return agreement.mean_absolute_error(_pairs(reports))


def _ece(reports: Sequence[Report]) -> float:
    return calibration.expected_error(
        [(row.ours.confidence, row.is_in_band) for row in chain.from_iterable(reports)]
    )


_FIGURES = {"in_band": _in_band, "exact": _exact, "kappa": _kappa, "mae": _mae, "ece": _ece}


def _pairs(reports: Sequence[Report]) -> list[agreement.Pair]:
    return [row.pair for row in chain.from_iterable(reports)]


def _constant(rows: Sequence[LevelRow]) -> dict[str, float]:
    return _baseline([(row, CONSTANT) for row in rows])


def _mode(reports: Sequence[Report]) -> dict[str, float]:
    """Say of each theme what readers most often say of it in the other reports."""
    answers = [
        (row, _most_common([r for other in reports if other is not report for r in other], row.theme))
        for report in reports
        for row in report
    ]
    return _baseline(answers)


def _most_common(rows: Sequence[LevelRow], theme: str) -> int:
    counts = Counter(row.gold.level for row in rows if row.theme == theme)
    return min(counts, key=lambda level: (-counts[level], level), default=CONSTANT)


def _baseline(answers: Sequence[tuple[LevelRow, int]]) -> dict[str, float]:
    pairs = [(row.gold.level, level) for row, level in answers]
    return {
        "in_band": _share([row.gold.holds(level) for row, level in answers]),
        "exact": agreement.exact(pairs),
        "kappa": agreement.quadratic_kappa(pairs, levels=LEVELS),
        "mae": agreement.mean_absolute_error(pairs),
    }


def _theme(rows: Sequence[LevelRow]) -> dict[str, float]:
    pairs = [row.pair for row in rows]
    return {
        "in_band": _share([row.is_in_band for row in rows]),
        "exact": agreement.exact(pairs),
        "mae": agreement.mean_absolute_error(pairs),
        "bias": sum(ours - gold for gold, ours in pairs) / len(pairs),
        "confidence": sum(row.ours.confidence for row in rows) / len(rows),
    }


def _themes(rows: Sequence[LevelRow]) -> list[str]:
    return list(dict.fromkeys(row.theme for row in rows))


def _share(answers: Sequence[bool]) -> float:
    return sum(answers) / len(answers) if answers else 1.0
