"""A figure as read from one place, before the document's readings are compared."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from esg.domain import Kpi, Span
from esg.kpi import numbers
from esg.kpi.numbers import Number
from esg.kpi.periods import Period
from esg.kpi.units import Unit

INTENSITY = "ghg_intensity"  # the one KPI that a report has several of: per revenue, per employee, …
_SAME = 0.005  # of the larger one


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` is in the KPI's own unit; `rank` orders sources, 0 being a labelled table row.

    The `boundary` of an intensity is the scopes that it counts.
    """

    key: str
    value: float
    unit: str
    raw_value: str
    raw_unit: str
    period: Period
    method: str
    boundary: str
    quote: Span
    rank: int
    is_total: bool = False  # called a total or the group's
    is_second: bool = False  # called by a name that stands in for a better one
    restated: bool = False
    flags: tuple[str, ...] = ()

    @property
    def year(self) -> int:
        return self.period.year

    @property
    def series(self) -> tuple[str, str]:
        """What sets a figure apart from others of its KPI: an intensity's denominator and scopes."""
        return (self.unit, self.boundary) if self.key == INTENSITY else ("", "")

    @property
    def digits(self) -> int:
        """How many digits are printed: a figure of more digits is the more exact one."""
        return sum(c.isdigit() for c in self.raw_value.strip("0.,"))


Valued = TypeVar("Valued", Figure, Kpi)


def agree(left: float, right: float) -> bool:
    """Whether two figures are the same, rounded differently."""
    return abs(left - right) <= _SAME * max(abs(left), abs(right))


def clusters(figures: Iterable[Valued]) -> list[list[Valued]]:
    """Group figures of the same value up to rounding, each group under its first."""
    groups: list[list[Valued]] = []
    for figure in figures:
        home = next((group for group in groups if agree(group[0].value, figure.value)), None)
        if home is None:
            groups.append([figure])
        else:
            home.append(figure)
    return groups


def value_of(number: Number, unit: Unit) -> float:
    """Read a printed figure in the KPI's unit; nobody counts part of a person."""
    return in_unit(numbers.whole(number) if unit.dimension == "people" else number.value, unit.factor)


def in_unit(value: float, factor: float) -> float:
    """Turn a printed figure into the KPI's unit: factors are to t, MWh, m3, %, people."""
    return float(f"{value * factor:.12g}")
