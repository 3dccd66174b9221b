"""scorecards side by side: a level a cell, a figure a bar, other units in other rows."""

from dataclasses import replace

from api.comparing import compare
from esg.domain import Scorecard
from esg.state import Company
from tests.fakes.scorecards import scorecard


def company(name: str) -> Company:
    return Company(name.lower(), name, 1, (2023,))


def half(card: Scorecard, unit: str = "tCO2e") -> Scorecard:
    """The same report with half of each Scope 1, in a unit, and without its first theme."""
    kpis = tuple(replace(k, value=k.value / 2, unit=unit) if k.kpi == "scope1" else k for k in card.kpis)
    return replace(card, kpis=kpis, themes=card.themes[1:])


def test_each_theme_is_a_row_and_a_gap_stays_one() -> None:
    card = scorecard()
    table = compare([(company("A"), card), (company("B"), half(card))])
    assert [row.code for row in table.themes] == [theme.code for theme in card.themes]
    assert table.themes[0].cells == (card.themes[0], None)


def test_bars_are_shares_of_the_largest_figure_of_the_row() -> None:
    card = scorecard()
    table = compare([(company("A"), card), (company("B"), half(card))])
    row = next(row for row in table.kpis if row.name == "Scope 1")
    assert row.unit == "tCO₂e"
    assert [bar.width for bar in row.cells if bar] == [100.0, 50.0]


def test_figures_in_other_units_are_never_put_side_by_side() -> None:
    card = scorecard()
    table = compare([(company("A"), card), (company("B"), half(card, unit="lb"))])
    rows = [row for row in table.kpis if row.name == "Scope 1"]
    assert [(row.unit, [bool(bar) for bar in row.cells]) for row in rows] == [
        ("tCO₂e", [True, False]),
        ("lb", [False, True]),
    ]


def test_nothing_gives_nothing() -> None:
    table = compare([])
    assert (table.themes, table.kpis) == ((), ())
