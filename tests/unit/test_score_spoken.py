"""Whose cues judge which page, and what a scorecard says about it."""

import pytest

from esg.domain import Status, Versions
from esg.rubric import load
from esg.score import LocalJudge, score
from esg.score.spoken import OWN, spoken

VERSIONS = Versions("test", "none", LocalJudge.id)
RUBRIC = load("maturity")

GERMAN = """
# Klima

Wir senken unsere Emissionen der Scopes 1 und 2 bis 2030 um 42 % gegenüber dem Basisjahr 2020.
Die Ziele wurden im Mai 2024 von der Science Based Targets initiative validiert.
Der Aufsichtsrat überwacht die Nachhaltigkeitsstrategie.
Der Stromverbrauch wurde nicht nach ISO 50001 gesteuert.
"""
ENGLISH = """
# Governance

The Board of Directors oversees sustainability and reviews climate performance twice a year.
Our Code of Conduct and Environmental Policy apply to all sites.
We conducted a climate scenario analysis in 2024.
"""


@pytest.fixture
def judge(make_document, make_retriever):
    def run(pages):
        return score(
            make_document(),
            pages,
            make_retriever(pages),
            rubric=RUBRIC,
            judge=LocalJudge(),
            versions=VERSIONS,
        )

    return run


@pytest.fixture
def page(make_page):
    return lambda text, number, language: make_page(text, number, language=language)


def met(card):
    return {c.id for theme in card.themes for c in theme.criteria if c.met}


def test_a_document_in_the_rubrics_own_language_speaks_no_other(page):
    found = spoken([page(ENGLISH, 1, "en"), page("Total 12", 2, "")], RUBRIC)

    assert found.others == ()
    assert found.is_own


def test_a_page_of_no_language_goes_with_the_main_one(page):
    found = spoken([page(GERMAN, 1, "de"), page("Summe 12", 2, "")], RUBRIC)

    assert found.pages == {1: "de", 2: "de"}
    assert not found.is_own


def test_a_mixed_document_speaks_both(page):
    found = spoken([page(GERMAN, 1, "de"), page(ENGLISH, 2, "en")], RUBRIC)

    assert set(found.shares) == {"de", OWN}
    assert found.pages == {1: "de"}


def test_a_stray_page_changes_nothing(page):
    pages = [page(ENGLISH * 10, 1, "en"), page("Der Bericht ist auf Deutsch zu haben.", 2, "de")]

    assert spoken(pages, RUBRIC).pages == {}


def test_a_german_report_is_judged_by_german_cues(page, judge):
    card = judge([page(GERMAN, 1, "de")])

    assert {"TSP.2.climate_target", "TSP.2.base_year", "TSP.4.validated", "OSP.3.oversight"} <= met(card)
    theme = card.themes[0]
    assert theme.status == Status.SCORED
    assert "Judged by the cues of the text's languages (German 100%)" in theme.rationale


def test_german_negation_counts(page, judge):
    card = judge([page(GERMAN, 1, "de")])

    assert "EI.2.system" not in met(card)


def test_each_page_of_a_mixed_report_is_judged_in_its_language(page, judge):
    card = judge([page(GERMAN, 1, "de"), page(ENGLISH, 2, "en")])

    assert {"TSP.4.validated", "OSP.3.oversight", "TSP.3.scenario"} <= met(card)
    assert "the rubric's own" in card.themes[0].rationale


def test_other_cues_lower_the_confidence_by_what_is_stated(page, judge):
    loss = next(language.loss for language in RUBRIC.others if language.code == "de")

    theme = judge([page(GERMAN, 1, "de")]).themes[0]

    assert f"lowers the confidence by {loss:.2f}" in theme.rationale


def test_an_english_report_says_nothing_of_languages(page, judge):
    card = judge([page(ENGLISH, 1, "en")])

    assert all("languages" not in theme.rationale for theme in card.themes)


def test_a_language_without_cues_is_not_judged(page, judge):
    card = judge([page("Raport o zrównoważonym rozwoju jest dostępny. " * 20, 1, "pl")])

    assert {theme.status for theme in card.themes} == {Status.INSUFFICIENT_EVIDENCE}
    assert "no cues for (pl; it covers en, de, es, fr, id, it, sv, zh)" in card.themes[0].rationale


def test_a_statement_is_looked_for_in_the_rubrics_own_language_alone(page, judge):
    """Its cues are English: English words on a German page are none."""
    index = "Siehe den GRI content index auf der letzten Seite."

    def answers(*pages):
        return {line.id: line.disclosed for line in dict(judge(pages).frameworks)["GRI"]}

    assert answers(page(GERMAN + index, 1, "de"))["content-index"] == "no"
    assert answers(page(GERMAN + index, 1, "de"), page(ENGLISH, 2, "en"))["content-index"] == "no"
    english = page(ENGLISH + "See the GRI content index on the last page.", 2, "en")
    assert answers(page(GERMAN, 1, "de"), english)["content-index"] == "yes"


def test_chinese_needs_no_blanks_to_be_quoted(page, judge):
    text = "# 氣候\n\n董事會監督氣候相關風險與機會，並每季聽取報告。本行於二０二二年通過 SBTi 目標審查。"

    card = judge([page(text, 1, "zh")])

    assert {"OSP.3.oversight", "TSP.4.validated"} <= met(card)
