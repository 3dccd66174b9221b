"""scorecards → CSV: tidy, complete, and harmless in a spreadsheet."""

import csv
import io
from dataclasses import replace

import pytest

from esg.domain import Scorecard
from esg.report import to_csv
from esg.report.csv import COLUMNS, safe
from tests.fakes.scorecards import scorecard


def rows(*cards: Scorecard) -> list[dict[str, str]]:
    text = to_csv(cards)
    assert text.startswith("\ufeffcompany,")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_every_fact_is_a_row_with_all_columns() -> None:
    card = scorecard()
    found = rows(card)

    assert list(found[0]) == list(COLUMNS)
    counts = {
        record: sum(row["record"] == record for row in found) for record in {r["record"] for r in found}
    }
    assert counts == {
        "overall": 1,
        "theme": 7,
        "criterion": sum(len(theme.criteria) for theme in card.themes),
        "kpi": len(card.kpis),
        "claim": len(card.claims),
        "disclosure": sum(len(lines) for _, lines in card.frameworks),
        "evidence": len(card.evidence),
    }


def test_a_kpi_row_holds_the_number_and_how_it_was_printed() -> None:
    row = next(row for row in rows(scorecard()) if row["id"] == "scope2_market")
    assert (row["value"], row["unit"], row["raw_value"], row["raw_unit"]) == ("4020.0", "tCO2e", "4.02", "kt")
    assert (row["period"], row["fiscal_year"], row["method"], row["page"]) == ("FY23", "2023", "market", "18")


def test_several_companies_share_one_header() -> None:
    found = rows(scorecard("A"), scorecard("B"))
    assert {row["company"] for row in found} == {"A", "B"}


def test_a_row_cites_its_first_quote() -> None:
    row = next(row for row in rows(scorecard()) if row["record"] == "theme" and row["id"] == "OSP")
    assert (row["page"], row["printed_page"]) == ("12", "10")
    assert row["quote"].startswith("The Sustainability Committee")
    assert len(row["evidence"].split()) == 2


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\n-1", "＝1"])
def test_formulas_are_disarmed(text: str) -> None:
    assert str(safe(text)).startswith("'")


@pytest.mark.parametrize("value", [-5.0, 3, None, "a=b", "Scope 1\t12"])
def test_numbers_and_plain_words_stay(value: str | float | None) -> None:
    assert safe(value) == value


def test_a_hostile_company_cannot_break_out_of_its_cell() -> None:
    evil = '=HYPERLINK("http://x","y"),"\r\nevil'
    card = scorecard()
    document = replace(card.document, identity=replace(card.document.identity, company=evil))
    found = rows(replace(card, document=document))
    assert {row["company"] for row in found} == {"'" + evil.replace("\r", "␍")}
