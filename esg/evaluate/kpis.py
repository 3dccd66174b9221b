"""labelled reports ↔ scorecards: which figures are right, which are wrong and how, which are missing.

A figure is right when KPI (with the method of scope 2), fiscal year and value in the KPI's own unit agree
within one per cent. Judged are the KPIs that labels know, of the report's year and the year before.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import Any

from esg.domain import Kpi, Scorecard
from esg.evaluate.bootstrap import interval
from esg.evaluate.labels import GoldKpi, LabelledReport
from esg.kpi import in_kpi_unit, year_of

TOLERANCE = 0.01
_METHODS = ("scope2_location", "scope2_market", "scope2_unspecified")
KNOWN = frozenset(
    (
        *("scope1", *_METHODS, "scope3", "scope1_2", "total_ghg"),
        *("energy_consumption", "renewable_electricity_share", "water_withdrawal", "waste_total"),
        *("employees", "women_in_management_share", "board_women_share", "ltifr", "trir"),
    )
)


class Kind(StrEnum):
    """How a printed figure stands to the labels."""

    RIGHT = "right"
    POWER = "power"  # off by a power of ten
    METHOD = "method"  # another method of scope 2
    YEAR = "year"  # another year's figure
    VALUE = "value"  # the labels have another figure
    UNLABELLED = "unlabelled"  # the labels have none


QUIET = frozenset({Kind.POWER, Kind.METHOD, Kind.YEAR})


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in its KPI's own unit; `shown` is how it is printed, `is_flagged` whether we warn of it."""

    kpi: str
    year: int | None
    value: float
    page: int
    quote: str
    shown: str
    is_flagged: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of one report, and what was to be read."""

    report: str
    printed: tuple[tuple[Figure, Kind], ...]
    missing: tuple[Figure, ...]
    gold: int

    @property
    def right(self) -> int:
        return sum(kind is Kind.RIGHT for _, kind in self.printed)


def compare_kpis(label: LabelledReport, card: Scorecard) -> Reading:
    """Judge each printed figure that labels know of."""
    return judge(label, [_ours(kpi) for kpi in card.kpis])


def judge(label: LabelledReport, figures: Iterable[Figure]) -> Reading:
    """Match figures with the labels, each label once, and say of the others how they are wrong."""
    gold = [_gold(kpi) for kpi in label.kpis if kpi.kpi in KNOWN]
    years = {figure.year for figure in gold} | ({label.year, label.year - 1} if label.year else set())
    left = [*gold]
    printed = []
    for figure in figures:
        if figure.kpi not in KNOWN or figure.year not in years:
            continue
        match = next((g for g in left if _is_same(g, figure)), None)
        if match is not None:
            left.remove(match)
        printed.append((figure, Kind.RIGHT if match else _kind(figure, gold)))
    return Reading(label.stem, tuple(printed), tuple(left), len(gold))


def summarise_kpis(readings: Sequence[Reading], naive: Sequence[Reading]) -> dict[str, Any]:
    """Give the figures over all reports, with 95 % intervals over reports; the naive reader where it read.

    `precision` is the share of printed figures that are right, what the labels do not have counting as wrong;
    `precision_labelled` leaves those out. `wrong_quietly` counts figures off by a power of ten, of another
    method or year, that carry no warning.
    """
    printed = [*chain.from_iterable(r.printed for r in readings)]
    kinds = {kind.value: sum(k is kind for _, k in printed) for kind in Kind}
    return {
        "precision": precision(readings),
        "recall": recall(readings),
        "precision_labelled": _precision_labelled(readings),
        "wrong_quietly": sum(k in QUIET and not figure.is_flagged for figure, k in printed),
        "printed": len(printed),
        "gold": sum(r.gold for r in readings),
        "kinds": kinds,
        "intervals": {
            "precision": interval(readings, precision),
            "recall": interval(readings, recall),
        },
        "baselines": {"naive first number": {"precision": precision(naive), "recall": recall(naive)}}
        if naive
        else {},
        "kpis": {kpi: _of_kpi(readings, kpi) for kpi in sorted(KNOWN)},
    }


def kpi_errors(readings: Sequence[Reading]) -> list[dict[str, Any]]:
    """List each figure that is not right, and each that is missing, with both quotes."""
    return [error for reading in readings for error in _errors(reading)]


def precision(readings: Sequence[Reading]) -> float:
    return _ratio(sum(r.right for r in readings), sum(len(r.printed) for r in readings))


def recall(readings: Sequence[Reading]) -> float:
    return _ratio(sum(r.right for r in readings), sum(r.gold for r in readings))


def _precision_labelled(readings: Sequence[Reading]) -> float:
    kinds = [kind for r in readings for _, kind in r.printed if kind is not Kind.UNLABELLED]
    return _ratio(sum(kind is Kind.RIGHT for kind in kinds), len(kinds))


def _of_kpi(readings: Sequence[Reading], kpi: str) -> dict[str, int]:
    printed = [kind for r in readings for figure, kind in r.printed if figure.kpi == kpi]
    missing = sum(figure.kpi == kpi for r in readings for figure in r.missing)
    right = sum(kind is Kind.RIGHT for kind in printed)
    return {"gold": right + missing, "right": right, "wrong": len(printed) - right, "missing": missing}


def _errors(reading: Reading) -> Iterable[dict[str, Any]]:
    missing = {(f.kpi, f.year): f for f in reading.missing}
    for figure, kind in reading.printed:
        if kind is not Kind.RIGHT:
            gold = missing.get((figure.kpi, figure.year))
            yield _error(reading.report, kind.value, figure, gold)
    for figure in reading.missing:
        yield _error(reading.report, "missing", None, figure)


def _error(report: str, kind: str, ours: Figure | None, gold: Figure | None) -> dict[str, Any]:
    known = ours or gold
    return {
        "report": report,
        "kind": kind,
        "kpi": known.kpi if known else "",
        "year": known.year if known else None,
        "ours": _told(ours),
        "gold": _told(gold),
    }


def _told(figure: Figure | None) -> dict[str, Any] | None:
    if figure is None:
        return None
    return {"value": figure.value, "shown": figure.shown, "page": figure.page, "quote": figure.quote}


def _kind(figure: Figure, gold: Sequence[Figure]) -> Kind:
    """Say how a figure that matches no label is wrong."""
    of_year = [g for g in gold if g.year == figure.year]
    same = [g for g in of_year if g.kpi == figure.kpi]
    if any(_is_power(g.value, figure.value) for g in same):
        return Kind.POWER
    if figure.kpi in _METHODS and any(
        g.kpi in _METHODS and g.kpi != figure.kpi and _is_near(g.value, figure.value) for g in of_year
    ):
        return Kind.METHOD
    others = [g for g in gold if g.kpi == figure.kpi and g.year != figure.year]
    if any(_is_near(g.value, figure.value) for g in others):
        return Kind.YEAR
    return Kind.VALUE if same else Kind.UNLABELLED


def _is_same(gold: Figure, ours: Figure) -> bool:
    return (gold.kpi, gold.year) == (ours.kpi, ours.year) and _is_near(gold.value, ours.value)


def _is_near(gold: float, ours: float) -> bool:
    return abs(gold - ours) <= TOLERANCE * abs(gold)


def _is_power(gold: float, ours: float) -> bool:
    if not gold or not ours or (gold < 0) != (ours < 0):
        return False
    power = round(math.log10(ours / gold))
    return power != 0 and _is_near(gold * 10.0**power, ours)


def _ours(kpi: Kpi) -> Figure:
    warned = any(not flag.endswith("_ok") for flag in kpi.flags)
    shown = f"{kpi.raw_value} {kpi.raw_unit}".strip()
    return Figure(kpi.kpi, kpi.fiscal_year, kpi.value, kpi.page, kpi.quote, shown, warned)


def _gold(kpi: GoldKpi) -> Figure:
    value = in_kpi_unit(kpi.kpi, kpi.value, kpi.unit)
    return Figure(kpi.kpi, year_of(kpi.year), value, kpi.page, kpi.quote, f"{kpi.value:g} {kpi.unit}".strip())


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
