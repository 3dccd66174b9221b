"""One document end to end: pages in, scorecard out."""

import json
from dataclasses import replace

import pytest

from esg.domain import Legibility, Status, Versions
from esg.rubric import load
from esg.score import LocalJudge, score, verify

VERSIONS = Versions("test", "none", LocalJudge.id)


@pytest.fixture
def pages(make_page):
    return [
        make_page(
            """
            # Climate

            We commit to reduce absolute scope 1 and 2 GHG emissions 42% by 2030 from a 2020 base year.
            Progress against our target is reviewed each quarter. Our targets were validated by the Science
            Based Targets initiative in May 2024.

            ~ Greenhouse gas emissions in tCO2e

            ^\t2025\t2024
            Scope 1\t1,200\t1,300
            Scope 2 (market-based)\t800\t900
            Total scope 3\t15,000\t16,100

            _ Acme Sustainability Report 2025 page 1
            """,
            1,
        ),
        make_page(
            """
            # Governance

            The Board of Directors oversees sustainability and reviews climate performance twice a year.
            A cross-functional Sustainability Committee meets monthly. Our Code of Conduct and Environmental
            Policy apply to all sites. The Chief Sustainability Officer is responsible for the programme.

            We conducted a climate scenario analysis under a 1.5°C scenario in 2024. Emission data are taken
            from utility invoices and meter readings, and we engaged our suppliers on emissions.
            """,
            2,
        ),
    ]


def judge(pages, document, retriever):
    return score(document, pages, retriever, rubric=load("maturity"), judge=LocalJudge(), versions=VERSIONS)


def test_a_small_report_is_scored_with_quotes(pages, make_document, make_retriever):
    card = judge(pages, make_document(), make_retriever(pages))

    levels = {theme.code: theme.level for theme in card.themes}
    assert set(levels) == {"TSP", "OSP", "DM", "GHG", "RD", "EI", "RMM"}
    assert levels["TSP"] == 3
    assert levels["OSP"] == 3
    assert levels["GHG"] >= 2
    assert card.parity.ok
    assert verify(card, pages) == []


def test_levels_above_zero_stand_on_two_quotes(pages, make_document, make_retriever):
    card = judge(pages, make_document(), make_retriever(pages))

    for theme in card.themes:
        if theme.level:
            assert len(theme.evidence) >= 2
            assert theme.status is Status.SCORED


def test_the_same_document_gives_the_same_scorecard(pages, make_document, make_retriever):
    first = judge(pages, make_document(), make_retriever(pages))
    second = judge(pages, make_document(), make_retriever(pages))

    assert first == second
    assert len(first.trace_id) == 32
    assert int(first.trace_id, 16) >= 0


def test_a_footer_is_never_quoted(pages, make_document, make_retriever):
    card = judge(pages, make_document(), make_retriever(pages))

    assert not [e.quote for e in card.evidence if "Acme Sustainability Report" in e.quote]


def test_an_unreadable_document_gets_no_level(pages, make_document, make_retriever):
    blind = [replace(page, legibility=Legibility.GARBLED) for page in pages]

    card = judge(blind, make_document(), make_retriever(blind))

    assert {theme.status for theme in card.themes} == {Status.UNREADABLE}
    assert {theme.level for theme in card.themes} == {0}
    assert "2 of 2 pages" in card.themes[0].rationale


@pytest.mark.parametrize(
    ("legibility", "loss", "said"),
    [
        (Legibility.OCR, 0.1, "100% of the pages were read by OCR."),
        (Legibility.DECODED, 0.03, "read by OCR (100% by deciphering a text layer"),
    ],
)
def test_a_document_read_by_ocr_says_so_and_is_less_sure(
    pages, make_document, make_retriever, legibility, loss, said
):
    read = [replace(page, legibility=legibility) for page in pages]

    card = judge(read, make_document(), make_retriever(read))
    plain = judge(pages, make_document(), make_retriever(pages))

    assert [theme.level for theme in card.themes] == [theme.level for theme in plain.themes]
    for theme, before in zip(card.themes, plain.themes, strict=True):
        assert said in theme.rationale
        assert theme.confidence == pytest.approx(before.confidence - loss, abs=0.006)
    assert {kpi.flags for kpi in card.kpis} == {(*kpi.flags, "ocr") for kpi in plain.kpis}


def test_a_language_without_cues_is_said_to_be_unsupported(pages, make_document, make_retriever):
    polish = [replace(page, language="pl") for page in pages]

    card = judge(polish, make_document(), make_retriever(polish))

    assert {theme.status for theme in card.themes} == {Status.INSUFFICIENT_EVIDENCE}
    assert "no cues for (pl;" in card.themes[0].rationale


def test_silence_is_not_disclosed(make_page, make_document, make_retriever):
    pages = [make_page("Our shop sells bread. It opens at seven.\n\nThe baker gets up early.", 1)]

    card = judge(pages, make_document(), make_retriever(pages))

    assert {theme.status for theme in card.themes} == {Status.NOT_DISCLOSED}
    assert card.overall.grade == "Nascent"


def test_an_older_report_says_less_about_today_but_is_read_as_well(pages, make_document, make_retriever):
    new = judge(pages, make_document(year=2025), make_retriever(pages))
    old = judge(pages, make_document(year=2018), make_retriever(pages))

    assert old.themes[0].level == new.themes[0].level
    assert old.themes[0].confidence == new.themes[0].confidence
    assert old.overall.confidence == pytest.approx(new.overall.confidence - 0.3)
    assert "overall confidence is lowered by 0.3" in old.themes[0].rationale


def test_the_scorecard_can_be_written(pages, make_document, make_retriever):
    report = pytest.importorskip("esg.report")
    card = judge(pages, make_document(), make_retriever(pages))

    data = report.to_dict(card)

    assert json.loads(report.canonical_json(card)) == json.loads(json.dumps(data))
    assert report.from_dict(data) == card
