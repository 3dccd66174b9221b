"""Several documents of one company and year: judged together, each figure once, contradictions told."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from itertools import permutations

import pytest

from esg.domain import (
    Document,
    Identity,
    Legibility,
    MediaType,
    Page,
    Scorecard,
    Versions,
    company_year_id,
)
from esg.report import canonical_json, from_dict, to_csv, to_dict, to_html, validate
from esg.rubric import Rubric, load
from esg.score import Examined, LocalJudge, examine, score_together, verify

VERSIONS = Versions("test", "none", LocalJudge.id)
REPORT, DATA, POLICY = "a" * 64, "b" * 64, "c" * 64

REPORT_TEXT = """
# Climate

We commit to reduce absolute scope 1 and 2 GHG emissions 42% by 2030 from a 2020 base year.
Acme will be net zero by 2045. Progress against our target is reviewed each quarter.

Our Scope 1 emissions were 1,200 tCO2e in 2025. We employed 4,100 people in 2025.

We conducted a climate scenario analysis under a 1.5°C scenario in 2024.
"""
DATA_TEXT = """
~ Greenhouse gas emissions in tCO2e

^\t2025\t2024
Scope 1\t1,250\t1,300
Scope 2 (market-based)\t800\t900
Total scope 3\t15,000\t16,100

~ Employees

^\t2025\t2024
Number of employees (headcount)\t4,100\t4,000
"""
POLICY_TEXT = """
# Environmental Policy

The Board of Directors oversees sustainability and approves this policy. Our Code of Conduct and our
Environmental Policy apply to all sites. The Chief Sustainability Officer is responsible for the programme.

Acme will be net zero by 2050. We report in line with the GRI Standards.
"""

FILLER = "# Our story\n\nAcme was founded by two sisters who wanted to bake a better loaf for their village."

Examine = Callable[..., Examined]


@cache
def maturity() -> Rubric:
    return load("maturity")


@pytest.fixture
def look(make_page, make_retriever) -> Examine:
    """Examine a one-page document of Acme's."""

    def build(key: str, text: str, *, made_on: str = "", fillers: int = 0, **page: object) -> Examined:
        written = [make_page(text, 1, **page), *(make_page(FILLER, 2 + n) for n in range(fillers))]
        pages = pages_of(written, key)
        identity = Identity("Acme", 2025)
        document = Document(key, f"{key[0]}.pdf", MediaType.PDF, 1000, identity, len(pages), "en", "")
        retriever = make_retriever(pages)
        return examine(document, pages, retriever, rubric=maturity(), judge=LocalJudge(), made_on=made_on)

    return build


def pages_of(pages: Sequence[Page], key: str) -> list[Page]:
    return [replace(page, document_id=key) for page in pages]


def together(*documents: Examined) -> Scorecard:
    return score_together("Acme", 2025, documents, rubric=maturity(), versions=VERSIONS)


@pytest.fixture
def three(look: Examine) -> list[Examined]:
    return [look(REPORT, REPORT_TEXT, fillers=7), look(DATA, DATA_TEXT), look(POLICY, POLICY_TEXT)]


def test_quotes_of_all_documents_carry_the_levels(three, make_page) -> None:
    card = together(*three)

    levels = {theme.code: theme.level for theme in card.themes}
    alone = [{t.code: t.level for t in together(one).themes} for one in three]
    assert all(levels[code] >= max(one[code] for one in alone) for code in levels)
    assert levels["TSP"] >= 2  # by the report
    assert levels["OSP"] >= 1  # by the policy
    assert {e.document_id for e in card.evidence} == {REPORT, DATA, POLICY}
    texts = ((REPORT, REPORT_TEXT), (DATA, DATA_TEXT), (POLICY, POLICY_TEXT))
    pages = [page for key, text in texts for page in pages_of([make_page(text, 1)], key)]
    assert verify(card, pages) == []
    assert verify(card, pages[:1]) != []  # the same page number of another document will not do
    assert card.parity.ok


def test_the_order_of_arrival_changes_nothing(three) -> None:
    written = {canonical_json(together(*order)) for order in permutations(three)}

    assert len(written) == 1


def test_a_company_year_is_named_by_its_documents(three) -> None:
    card = together(*three)

    assert card.document.id == company_year_id("Acme", 2025, [REPORT, DATA, POLICY])
    assert (card.document.pages, card.document.size_bytes, card.document.language) == (10, 3000, "en")
    assert [d.id for d in card.documents] == [DATA, REPORT, POLICY]  # the most specific first


def test_company_and_year_are_guessed_where_nobody_gave_them_for_any_document(three) -> None:
    read = [replace(d, document=replace(d.document, identity=Identity("Acme", 2025, True, True)))
            for d in three]  # fmt: skip

    guessed = together(*read).document.identity
    given = together(three[0], *read[1:]).document.identity

    assert (guessed.company_guessed, guessed.year_guessed) == (True, True)
    assert (given.company_guessed, given.year_guessed) == (False, False)


def test_a_figure_in_two_documents_is_one_figure(three) -> None:
    card = together(*three)

    (employees,) = [k for k in card.kpis if (k.kpi, k.fiscal_year) == ("employees", 2025)]
    assert employees.value == 4100
    assert "documents_ok" in employees.flags
    assert "people in 2025" not in employees.quote  # the data pack's row is believed before prose


def test_a_contradiction_is_shown_with_both_quotes_and_the_more_specific_counts(three) -> None:
    card = together(*three)

    (scope1,) = [k for k in card.kpis if (k.kpi, k.fiscal_year) == ("scope1", 2025)]
    assert scope1.value == 1250
    assert "documents_differ" in scope1.flags
    (told,) = [c for c in card.contradictions if c.about == "scope1"]
    quotes = {e.id: e for e in card.evidence}
    assert (told.fiscal_year, told.chosen.value, [o.value for o in told.others]) == (2025, 1250, [1200])
    assert quotes[told.chosen.evidence].document_id == DATA
    assert "1,200 tCO2e in 2025" in quotes[told.others[0].evidence].quote


def test_claims_that_exclude_each_other_are_told_and_the_first_believed_counts(three) -> None:
    card = together(*three)

    years = [c.value for c in card.claims if c.claim == "net_zero_target_year"]
    (told,) = [c for c in card.contradictions if c.about == "net_zero_target_year"]
    assert years == [told.chosen.value]
    assert {told.chosen.value, *(o.value for o in told.others)} == {"2045", "2050"}


def test_of_documents_alike_the_newer_is_believed(look: Examine) -> None:
    old = look(REPORT, "# Target\n\nAcme will be net zero by 2045.", made_on="2025-03-01")
    new = look(POLICY, "# Target\n\nAcme will be net zero by 2050.", made_on="2025-11-30")
    undated = look(DATA, "# Target\n\nAcme will be net zero by 2060.")

    card = together(old, undated, new)

    assert [d.id for d in card.documents] == [POLICY, REPORT, DATA]
    assert [c.value for c in card.claims] == ["2050"]


def test_a_restated_figure_counts_before_the_other(look: Examine) -> None:
    table = "~ GHG emissions in tCO2e\n\n^\t{}\t2024\nScope 1\t{}\t1,300\nTotal scope 3\t9,000\t9,100"
    plain = look(DATA, table.format("2025", "1,200"), made_on="2026-06-01")
    restated = look(REPORT, table.format("2025 restated", "1,400"), made_on="2026-01-01")

    card = together(plain, restated)

    (scope1,) = [k for k in card.kpis if (k.kpi, k.fiscal_year) == ("scope1", 2025)]
    assert (scope1.value, scope1.restated) == (1400, True)


def test_a_framework_s_topic_that_is_spoken_of_half_in_each_document_counts_together(look: Examine) -> None:
    """Two sentences on pollution are asked for; each document has one."""
    first = look(REPORT, REPORT_TEXT + "\nOur chemicals policy prevents water pollution at every site.")
    second = look(DATA, DATA_TEXT + "\n# Air\n\nWe monitored air pollution at all bakeries in 2025.")

    def pollution(*documents: Examined) -> str:
        lines = dict(together(*documents).frameworks)["ESRS"]
        return next(line.disclosed for line in lines if line.id == "E2")

    assert (pollution(first), pollution(second), pollution(first, second)) == ("no", "no", "yes")


def test_a_document_that_cannot_be_read_does_not_tell_the_languages(look: Examine) -> None:
    german = "Wir senken unsere Emissionen bis 2030 um 42 % gegenüber dem Basisjahr 2020. " * 9
    scanned = look(POLICY, german, language="de", legibility=Legibility.NO_TEXT)

    card = together(look(REPORT, REPORT_TEXT), scanned)

    assert all("languages" not in theme.rationale for theme in card.themes)


def test_what_is_said_half_in_each_document_counts_together(look: Examine) -> None:
    """Three categories of scope 3 are asked for by a criterion; each document gives fewer."""
    head = "~ Scope 3 emissions in tCO2e\n\n^\t2025\t2024\n"
    first = look(REPORT, head + "Category 1: Purchased goods and services\t1,000\t1,100")
    rows = "Category 6: Business travel\t200\t210\nCategory 7: Employee commuting\t90\t95"
    second = look(DATA, head + rows)

    keys = {k.kpi for k in together(first, second).kpis}

    assert {"scope3_cat1", "scope3_cat6", "scope3_cat7"} <= keys


def test_a_document_that_cannot_be_judged_is_left_out_and_named(look: Examine) -> None:
    report = look(REPORT, REPORT_TEXT)
    scan = look(POLICY, "", legibility=Legibility.NO_TEXT)

    card, alone = together(report, scan), together(report)

    assert [t.level for t in card.themes] == [t.level for t in alone.themes]
    assert all("Document 2 was not judged: 1 of 1 pages" in t.rationale for t in card.themes)


def test_nothing_is_claimed_where_no_document_can_be_judged(look: Examine) -> None:
    scans = [look(key, "", legibility=Legibility.NO_TEXT) for key in (REPORT, POLICY)]

    card = together(*scans)

    assert {(t.level, t.status.value, t.confidence) for t in card.themes} == {(0, "unreadable", 0.0)}


def test_the_rationale_says_in_which_document(three) -> None:
    (target,) = [t for t in together(*three).themes if t.code == "TSP"]

    assert "document 2 p. 1" in target.rationale


def test_it_is_a_scorecard_like_any_other(three) -> None:
    card = together(*three)
    data = to_dict(card)

    validate(data)
    assert from_dict(json.loads(canonical_json(card))) == from_dict(data)
    assert canonical_json(from_dict(data)) == canonical_json(card)
    assert [d["id"] for d in data["documents"]] == [DATA, REPORT, POLICY]


def test_of_one_document_the_scorecard_names_no_parts(three) -> None:
    data = to_dict(together(three[0]))

    assert not {"documents", "contradictions"} & set(data)
    assert not any("document_id" in e for e in data["evidence"])


def test_the_page_says_where_and_what_contradicts(three) -> None:
    html = to_html(together(*three), rubric=maturity())

    assert "doc. 1, p. 1" in html
    assert "Where the documents differ" in html
    assert "Another document says otherwise" in html
    assert html.count('class="hash">') >= 3


def test_a_csv_row_names_the_document_of_its_quote(three) -> None:
    rows = [row for row in to_csv([together(*three)]).splitlines() if ",scope1," in row]

    assert rows
    assert all(DATA in row for row in rows)
