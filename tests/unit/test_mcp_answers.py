"""What tools answer: figures of the right year, levels that mean something, quotes of the right document."""

from dataclasses import replace

import pytest

from api.mcp.answers import NOTICE, ComparisonAnswer, Explanation, Quote, ScorecardAnswer
from api.mcp.lookup import named
from api.problems import Problem
from esg.domain import MediaType, Status
from esg.report.view import view
from esg.state import Company
from tests.fakes.scorecards import DOCUMENT, evidence, scorecard

CARD = scorecard()
ACME = Company("acme-plc", "Acme plc", 1, (2023,))
BRISK = Company("brisk-harbour-plc", "Brisk Harbour plc", 2, (2022, 2023))


def test_a_summary_has_every_theme_figure_and_claim_by_its_evidence() -> None:
    answer = ScorecardAnswer.of(CARD)

    assert answer.notice == NOTICE
    assert [theme.code for theme in answer.themes] == [theme.code for theme in CARD.themes]
    assert [(f.kpi, f.value, f.printed) for f in answer.kpis][2] == ("scope2_location", 31400.0, "31.4 kt")
    assert {said.claim: said.value for said in answer.claims}["net_zero_target_year"] == "2045"
    assert answer.frameworks["TCFD"].model_dump() == {"yes": 1, "partial": 0, "no": 1}
    assert answer.report.links["scorecard"] == f"/v1/documents/{DOCUMENT}/scorecard"


def test_a_level_that_was_not_judged_is_no_level() -> None:
    first, *others = CARD.themes
    unread = replace(first, level=0, confidence=0.0, status=Status.UNREADABLE)

    answer = ScorecardAnswer.of(replace(CARD, themes=(unread, *others)))

    assert answer.themes[0].level is None
    assert answer.themes[-1].level == 0  # nothing is disclosed, and that is known


def test_of_several_documents_each_quote_leads_to_its_own() -> None:
    other = replace(CARD.document, id="b" * 64)
    whole = replace(CARD.document, id="c" * 64, media_type=MediaType.SEVERAL)
    together = replace(CARD, document=whole, documents=(CARD.document, other))

    answer = ScorecardAnswer.of(together)

    assert answer.report.documents == [DOCUMENT, "b" * 64]
    assert answer.report.links == {}
    quote = Quote.of(replace(evidence("board"), document_id="b" * 64))
    assert quote.picture == f"page://{'b' * 64}/{quote.page}.png?evidence={quote.id}"


def test_what_is_missing_ends_at_the_level_asked_about() -> None:
    shown = next(theme for theme in view(CARD).themes if theme.code == "DM")

    answers = [Explanation.of(CARD, shown, up_to) for up_to in (3, 4)]

    assert [[c.level for c in answer.missing] for answer in answers] == [[3], [3, 4]]
    assert [c.level for c in answers[0].met] == [1, 2]


def test_figures_side_by_side_are_of_the_reports_own_year() -> None:
    answer = ComparisonAnswer.of([(BRISK, CARD), (ACME, replace(CARD, kpis=()))])

    scope1 = next(row for row in answer.kpis if row.kpi == "scope1")
    assert [figure and (figure.value, figure.fiscal_year) for figure in scope1.figures] == [
        (12480.0, 2023),
        None,
    ]
    assert [column.slug for column in answer.companies] == ["brisk-harbour-plc", "acme-plc"]


@pytest.mark.parametrize(
    "name", ["brisk-harbour-plc", "Brisk Harbour plc", "BRISK HARBOUR PLC", "Brisk Harbour"]
)
def test_a_company_is_known_by_slug_and_name_with_or_without_its_legal_form(name: str) -> None:
    assert named([ACME, BRISK], name) is BRISK


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("harbour", "Did you mean: Brisk Harbour plc?"),
        ("Brisk Harbor plc", "Did you mean: Brisk Harbour plc?"),
        ("Zephyr", "list_companies tells those that are known; score_report reads a report of another."),
    ],
)
def test_for_a_company_that_is_not_known_others_are_offered(name: str, step: str) -> None:
    with pytest.raises(Problem) as error:
        named([ACME, BRISK], name)
    assert error.value.members["next_step"] == step
