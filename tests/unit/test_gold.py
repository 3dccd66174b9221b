"""scorecards → gold: nothing is lost on the way, every row leads to its quotes, and SQL answers over it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from esg.domain import Claim, Contradiction, Disclosure, Scorecard, Statement, document_id
from esg.errors import EsgError
from esg.lake import gold
from esg.lake.questions import ask, plain, questions
from esg.register import RegisteredCompany
from tests.fakes.scorecards import evidence, kpi, scorecard

Rows = list[dict[str, Any]]


def card(year: int | None, company: str = "Brisk Harbour plc", **changes: object) -> Scorecard:
    made = scorecard(company, year=year)
    document = replace(made.document, id=document_id(f"{company}-{year}".encode()))
    return replace(made, trace_id=document.id[:32], document=document, **changes)  # type: ignore[arg-type]


def asked(name: str, *cards: Scorecard) -> Rows:
    found: Rows = ask(questions()[name].sql, gold.tables(cards)).to_pylist()
    return found


def rows(tables: dict[str, pa.Table], name: str) -> Rows:
    found: Rows = tables[name].to_pylist()
    return found


def with_level(made: Scorecard, code: str, level: int) -> Scorecard:
    themes = (replace(theme, level=level) if theme.code == code else theme for theme in made.themes)
    return replace(made, themes=tuple(themes))


# -- the tables


def test_every_part_of_a_scorecard_is_a_row() -> None:
    made = scorecard()
    tables = gold.tables([made])

    assert {name: table.num_rows for name, table in tables.items()} == {
        "scorecards": 1,
        "companies": 0,
        "documents": 1,
        "themes": 7,
        "criteria": sum(len(theme.criteria) for theme in made.themes),
        "kpis": len(made.kpis),
        "claims": len(made.claims),
        "disclosures": sum(len(lines) for _, lines in made.frameworks),
        "contradictions": 0,
        "evidence": len(made.evidence),
    }
    for table in tables.values():
        assert set(table["trace_id"].to_pylist()) <= {made.trace_id}
        assert set(table["company"].to_pylist()) <= {"Brisk Harbour plc"}


def test_every_row_leads_to_quotes_and_every_quote_to_a_document() -> None:
    tables = gold.tables([scorecard()])
    quotes = {row["evidence_id"]: row for row in rows(tables, "evidence")}
    documents = {row["document_id"] for row in rows(tables, "documents")}

    named = [
        name
        for table in ("themes", "criteria", "kpis", "claims", "disclosures")
        for row in rows(tables, table)
        for name in row["evidence"]
    ]
    assert len(named) > 30
    assert set(named) <= set(quotes)
    assert {quote["document_id"] for quote in quotes.values()} == documents
    assert all(q["end_offset"] - q["start_offset"] == len(q["quote"]) for q in quotes.values())


def test_a_figure_keeps_what_was_printed_beside_what_it_means() -> None:
    found = next(row for row in rows(gold.tables([scorecard()]), "kpis") if row["kpi"] == "scope3")

    assert (found["value"], found["unit"], found["raw_value"], found["raw_unit"]) == (
        1_900_000.0,
        "tCO2e",
        "1.9",
        "million tonnes",
    )
    assert (found["fiscal_year"], found["flags"]) == (2023, ["year_on_year_x10"])


def whole(*cards: Scorecard) -> list[bool]:
    return [row["is_whole"] for row in rows(gold.tables(cards), "scorecards")]


def test_what_is_judged_together_speaks_for_its_documents() -> None:
    first, second = card(2023), card(2023, "BRISK HARBOUR PLC")
    both = replace(scorecard(year=2023), documents=(first.document, second.document))

    assert whole(first, both, second, card(2022)) == [False, True, False, True]
    tables = gold.tables([first, both])
    assert [row["documents"] for row in rows(tables, "scorecards")] == [1, 2]
    assert len(rows(tables, "documents")) == 3


def test_until_they_are_judged_together_the_document_with_the_most_quotes_speaks() -> None:
    thin = replace(card(2023, "BRISK HARBOUR PLC"), evidence=scorecard().evidence[:3])

    assert whole(thin, card(2023)) == [False, True]
    assert whole(card(2023), thin) == [True, False]


def test_without_a_name_or_a_year_each_document_speaks_for_itself() -> None:
    unnamed = [replace(scorecard("", year=2023), trace_id=digit * 32) for digit in "12"]
    undated = [replace(scorecard("Acme", year=None), trace_id=digit * 32) for digit in "34"]

    assert whole(*unnamed, *undated) == [True] * 4


def test_a_contradiction_is_a_row_for_each_side() -> None:
    sides = [Statement(value, "tCO2e", evidence("scopes").id) for value in (12480.0, 12500.0)]
    made = scorecard()
    found = Contradiction("scope1", 2023, "", sides[0], (sides[1],))

    table = rows(gold.tables([replace(made, contradictions=(found,))]), "contradictions")

    assert [(row["value"], row["counts"]) for row in table] == [("12480.0", True), ("12500.0", False)]


def test_without_scorecards_there_are_the_columns() -> None:
    tables = gold.tables([])

    assert {name: table.schema for name, table in tables.items()} == dict(gold.SCHEMAS)
    assert {name: ask(q.sql, tables).num_rows for name, q in questions().items()} == dict.fromkeys(
        questions(), 0
    )


# -- the questions


def test_every_question_says_what_it_answers() -> None:
    named = questions()

    assert {"league", "changes", "history", "peers", "panel", "gaps"} == set(named)
    assert all(question.about.endswith(".") for question in named.values())


def test_the_league_ranks_companies_within_a_year() -> None:
    best = card(2023, "Best", overall=replace(scorecard().overall, score=3.5))
    found = asked("league", card(2023, "One"), best, card(2023, "Two"), card(2022, "Best"))

    assert [(row["year"], row["place"], row["company"]) for row in found] == [
        (2023, 1, "Best"),
        (2023, 2, "One"),
        (2023, 2, "Two"),
        (2022, 1, "Best"),
    ]


def registered(*cards: Scorecard, sector: str, name: str = "") -> dict[str, RegisteredCompany]:
    return {
        made.trace_id: RegisteredCompany("a", name or made.document.identity.company, (), sector, "DE")
        for made in cards
    }


def test_the_register_names_companies_and_gives_their_sector() -> None:
    old, new = card(2022, "Brisk Harbor"), card(2023, "BRISK HARBOUR PLC")
    tables = gold.tables([old, new], registered(old, new, sector="Ports", name="Brisk Harbour plc"))

    companies = ask("SELECT DISTINCT company, slug, sector, country FROM companies", tables).to_pylist()
    assert companies == [
        {"company": "Brisk Harbour plc", "slug": "a", "sector": "Ports", "country": "DE"},
    ]
    for table in tables.values():
        assert set(table["company"].to_pylist()) <= {"Brisk Harbour plc"}


def test_the_league_has_a_place_in_each_sector() -> None:
    best = card(2023, "Best", overall=replace(scorecard().overall, score=3.5))
    cars, banks = (card(2023, "Cars"), best), (card(2023, "Bank"),)
    register = registered(*cars, sector="Cars") | registered(*banks, sector="Banks")
    tables = gold.tables([*cars, *banks, card(2023, "Unknown")], register)

    found = ask(questions()["league"].sql, tables).to_pylist()

    assert [(row["company"], row["place"], row["sector"], row["place_in_sector"]) for row in found] == [
        ("Best", 1, "Cars", 1),
        ("Bank", 2, "Banks", 1),
        ("Cars", 2, "Cars", 2),
        ("Unknown", 2, None, None),
    ]


def test_peers_are_those_of_the_sector_where_it_is_known() -> None:
    cards = [with_level(card(2023, name), "DM", level) for name, level in (("A", 1), ("B", 3), ("C", 4))]
    tables = gold.tables(cards, registered(*cards[:2], sector="Cars"))

    found = [row for row in ask(questions()["peers"].sql, tables).to_pylist() if row["theme"] == "DM"]

    assert [(row["company"], row["median_level"], row["companies"]) for row in found] == [
        ("A", 2.0, 2),
        ("B", 2.0, 2),
        ("C", 3.0, 3),
    ]


def test_changes_tell_levels_claims_figures_and_disclosures_apart() -> None:
    before = card(2022)
    now = with_level(card(2023), "TSP", 4)
    claims = (Claim("net_zero_target_year", "2050", 6, "", evidence("net_zero").id), *now.claims[1:])
    figures = (kpi("scope1", "12,900", "tCO2e", 12900.0, "tCO2e"), *now.kpis[1:])
    lines = (("TCFD", (Disclosure("governance_a", "no", ()), now.frameworks[0][1][1])), *now.frameworks[1:])
    now = replace(now, claims=claims, kpis=figures, frameworks=lines)

    found = asked("changes", now, before, card(2023, "Somebody else"))

    assert {row["company"] for row in found} == {"Brisk Harbour plc"}
    assert {(row["year_before"], row["year"]) for row in found} == {(2022, 2023)}
    assert [(row["what"], row["about"], row["was"], row["is_now"]) for row in found] == [
        ("claim changed", "net_zero_target_year", "2045", "2050"),
        ("figure told otherwise", "scope1 2023", "12480.0 tCO2e", "12900.0 tCO2e"),
        ("level up", "TSP", "3", "4"),
        ("no longer disclosed", "TCFD governance_a", "yes", "no"),
    ]
    assert all(row["evidence"] for row in found)
    assert all(row["evidence_before"] for row in found)


def test_a_claim_and_a_figure_that_the_next_report_does_not_have_are_told() -> None:
    before = card(2022)
    now = card(2023, claims=before.claims[1:], kpis=[kpi for kpi in before.kpis if kpi.kpi != "scope1"])

    found = asked("changes", now, before)

    assert [(row["what"], row["about"], row["was"], row["is_now"]) for row in found] == [
        ("no longer disclosed", "net_zero_target_year", "2045", "no"),
        ("no longer disclosed", "scope1", "12480.0 tCO2e", "no"),
    ]
    assert all(row["evidence"] for row in found)


def test_a_report_that_says_the_same_has_not_changed() -> None:
    assert asked("changes", card(2022), card(2023)) == []


def test_history_has_a_column_for_each_theme() -> None:
    found = asked("history", card(2022), with_level(card(2023), "DM", 4))

    assert [(row["year"], row["DM"], row["RMM"]) for row in found] == [(2023, 4, 0), (2022, 2, 0)]


def test_peers_compare_with_the_median_of_the_year() -> None:
    cards = [with_level(card(2023, name), "DM", level) for name, level in (("A", 1), ("B", 2), ("C", 4))]
    found = [row for row in asked("peers", *cards, card(2021, "Old")) if row["theme"] == "DM"]

    assert [(row["company"], row["difference"], row["companies"]) for row in found] == [
        ("A", -1.0, 3),
        ("B", 0.0, 3),
        ("C", 2.0, 3),
        ("Old", 0.0, 1),
    ]


def test_the_panel_takes_a_figure_from_the_newest_report() -> None:
    restated = (kpi("scope1", "13,000", "tCO2e", 13000.0, "tCO2e", restated=True),)
    found = asked("panel", card(2023), card(2024, kpis=restated))

    (scope1,) = [row for row in found if (row["kpi"], row["fiscal_year"]) == ("scope1", 2023)]
    assert (scope1["value"], scope1["told_in"], scope1["restated"]) == (13000.0, 2024, True)
    assert (scope1["page"], scope1["quote"]) == (18, "Scope 1\t12,480\t13,120\ttCO2e")


def test_gaps_name_the_unmet_criteria_of_the_next_level() -> None:
    found = {row["theme"]: row["unmet_of_next_level"] for row in asked("gaps", card(2023))}

    assert (found["TSP"], found["RMM"]) == (["TSP.4.1"], ["RMM.1.1"])


# -- one's own SQL


def test_one_s_own_query_joins_figures_and_quotes() -> None:
    sql = """
        SELECT kpis.kpi, evidence.page
        FROM kpis INNER JOIN evidence ON evidence.evidence_id = kpis.evidence[1]
        WHERE kpis.kpi = 'energy_consumption'
    """

    assert ask(sql, gold.tables([scorecard()])).to_pylist() == [{"kpi": "energy_consumption", "page": 19}]


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("SELECT nope FROM kpis", "nope"),
        ("SELEC 1", "syntax"),
        ("SELECT kpi, value, kpi FROM kpis", "Several columns are called kpi"),
        ("", "no rows"),
        ("CREATE TABLE mine AS SELECT 1", "no rows"),
        ("SELECT * FROM read_csv('/etc/hostname')", "disabled"),
        ("COPY kpis TO '/tmp/esg-gold-test.csv'", "disabled"),
        ("SET enable_external_access = true", "locked"),
        ("INSTALL httpfs", "disabled"),
        ("SELECT * FROM questions", "does not exist"),
    ],
)
def test_what_cannot_be_answered_says_why(sql: str, why: str) -> None:
    with pytest.raises(EsgError) as caught:
        ask(sql, gold.tables([scorecard()]))

    assert why in caught.value.message


def test_sums_are_numbers_and_what_is_no_number_is_null() -> None:
    sql = "SELECT sum(level) AS total, 0.5::DECIMAL(4, 2) AS half, 'nan'::DOUBLE AS none FROM themes"
    found = ask(sql, gold.tables([scorecard()]))

    assert json.dumps(plain(found)) == '[{"total": 15, "half": 0.5, "none": null}]'


def same(left: Sequence[Scorecard], right: Sequence[Scorecard]) -> bool:
    first, second = gold.tables(left), gold.tables(right)
    return all(first[name].equals(second[name]) for name in gold.SCHEMAS)


def test_the_same_scorecards_give_the_same_tables() -> None:
    assert same([card(2022), card(2023)], [card(2022), card(2023)])
    assert not same([card(2022)], [card(2023)])
