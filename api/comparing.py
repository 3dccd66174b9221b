"""scorecards of several companies → a heat map of their levels and a panel of their figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from esg.domain import Kpi, Scorecard, ThemeScore
from esg.report import beside, names
from esg.state import Company

Cards = Sequence[tuple[Company, Scorecard]]


class Bar(NamedTuple):
    """A figure and its share of the largest in its row, 0 to 100; 0 where it is not above zero."""

    kpi: Kpi
    width: float
    href: str


@dataclass(frozen=True, slots=True)
class ThemeRow:
    code: str
    name: str
    cells: tuple[ThemeScore | None, ...]


@dataclass(frozen=True, slots=True)
class KpiRow:
    """One figure in one unit; None for a company that does not tell it."""

    name: str
    unit: str
    cells: tuple[Bar | None, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    cards: Cards
    themes: tuple[ThemeRow, ...]
    kpis: tuple[KpiRow, ...]


def compare(cards: Cards) -> Comparison:
    """Lay companies out as columns, in the order given."""
    scorecards = [card for _, card in cards]
    themes = tuple(
        ThemeRow(code, names.readable(code, names.THEMES), tuple(row))
        for code, row in beside.themes(scorecards).items()
    )
    return Comparison(cards, themes, tuple(_kpis(scorecards)))


def _kpis(cards: Sequence[Scorecard]) -> list[KpiRow]:
    """Of each figure the one of the report's own year, else its newest; other units are other rows."""
    return [
        _row(key, unit, own, cards)
        for key, own in beside.figures(cards).items()
        for unit in dict.fromkeys(kpi.unit for kpi in own if kpi)
    ]


def _row(key: str, unit: str, newest: Sequence[Kpi | None], cards: Sequence[Scorecard]) -> KpiRow:
    own = [kpi if kpi and kpi.unit == unit else None for kpi in newest]
    largest = max((kpi.value for kpi in own if kpi), default=0.0)
    cells = tuple(_bar(kpi, largest, card) if kpi else None for kpi, card in zip(own, cards, strict=True))
    return KpiRow(names.readable(key, names.KPIS), names.PRINTED_UNITS.get(unit, unit), cells)


def _bar(kpi: Kpi, largest: float, card: Scorecard) -> Bar:
    document = next((e.document_id for e in card.evidence if e.id == kpi.evidence), card.document.id)
    share = 100 * kpi.value / largest if largest > 0 else 0.0
    return Bar(kpi, max(0.0, round(share, 1)), f"/documents/{document}/evidence/{kpi.evidence}?for=kpis")
