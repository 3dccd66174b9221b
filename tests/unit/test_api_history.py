"""A company's scorecards → its years side by side, and what changed with the quotes of both."""

from dataclasses import replace

from api.history import History, history
from esg.domain import Claim, Scorecard, document_id
from esg.lake import gold
from tests.fakes.scorecards import evidence, scorecard


def of_year(year: int, **changes: object) -> Scorecard:
    """A report of one company, whatever it says."""
    made = replace(scorecard(), **changes)  # type: ignore[arg-type]
    identity = replace(made.document.identity, company="Brisk Harbour plc", year=year)
    document = replace(made.document, id=document_id(str(year).encode()), identity=identity)
    return replace(made, document=document, trace_id=document.id[:32])


def told(*cards: Scorecard) -> History:
    return history(gold.tables(cards))


def before() -> Scorecard:
    """The year before: a lower level, another claim, half of each figure and one more disclosure."""
    card = scorecard()
    return of_year(
        2022,
        themes=(replace(card.themes[0], level=1, rationale="early days"), *card.themes[1:]),
        claims=(Claim("net_zero_target_year", "2050", 6, "", evidence("net_zero").id), *card.claims[1:]),
        kpis=tuple(replace(kpi, value=kpi.value / 2) for kpi in card.kpis),
    )


def test_levels_stand_side_by_side_the_oldest_year_first() -> None:
    found = told(of_year(2023), before())
    assert [(row["year"], row["TSP"]) for row in found.levels] == [(2022, 1), (2023, 3)]
    assert found.themes == [theme.code for theme in scorecard().themes]


def test_levels_come_first_with_their_reason_and_both_quotes() -> None:
    change = told(of_year(2023), before()).changes[0]
    assert (change.kind, change.about) == ("Levels", "Target setting & planning")
    assert (change.was, change.is_now) == ("Level 1", "Level 3")
    assert change.why == scorecard().themes[0].rationale
    assert change.before
    assert change.now
    assert change.now[0].href.startswith("/documents/")


def test_claims_and_figures_are_told_in_words() -> None:
    changes = {change.about: change for change in told(of_year(2023), before()).changes}
    assert (changes["Net-zero target year"].was, changes["Net-zero target year"].is_now) == ("2050", "2045")
    figure = changes["Scope 1, 2023"]
    assert (figure.kind, figure.was, figure.is_now) == (
        "Figures told otherwise",
        "6,240 tCO₂e",
        "12,480 tCO₂e",
    )


def test_what_the_next_report_does_not_tell_is_named() -> None:
    now = of_year(2023, claims=(), kpis=())

    changes = {change.about: change for change in told(now, of_year(2022)).changes}

    assert {change.kind for change in changes.values()} == {"No longer disclosed"}
    assert (changes["Scope 1"].was, changes["Scope 1"].is_now) == ("12,480 tCO₂e", "no")
    assert changes["Net-zero target year"].before
    assert not changes["Net-zero target year"].now


def test_each_figure_is_a_row_and_each_year_a_column() -> None:
    found = told(of_year(2023))
    scope1 = next(figure for figure in found.figures if figure.name == "Scope 1")
    assert found.years == sorted(found.years)
    assert scope1.by_year[2023]["value"] == 12480.0


def test_a_figure_in_another_unit_is_another_row() -> None:
    card = of_year(2023)
    twice = (*card.kpis, *(replace(kpi, unit="lb") for kpi in card.kpis if kpi.kpi == "scope1"))
    rows = [figure for figure in told(replace(card, kpis=twice)).figures if figure.name == "Scope 1"]
    assert sorted({row["unit"] for figure in rows for row in figure.by_year.values()}) == ["lb", "tCO2e"]
    assert len(rows) == 2


def test_themes_of_another_rubric_are_columns_too() -> None:
    card = scorecard()
    own = of_year(2023, themes=(*card.themes, replace(card.themes[0], code="WATER")))
    assert told(own).themes[-1] == "WATER"


def test_nothing_gives_nothing() -> None:
    found = told()
    assert (found.levels, found.changes, found.figures, found.themes) == ([], [], [], [])
