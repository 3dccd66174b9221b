"""scorecard → PDF: all of it, the same bytes each time, and nothing a report says is a command."""

from dataclasses import replace

import pypdfium2

from esg.domain import Scorecard, Status
from esg.report import to_pdf
from tests.fakes.scorecards import scorecard

EVIL = '#panic("x") $ #import "/etc/passwd" \\ *bold* ]#[ {{ 7*7 }} <tag> @ref // \x1b[31m \u202e'


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return " ".join(" ".join(pages).split())


def test_levels_figures_claims_and_quotes_are_in_it() -> None:
    card = scorecard()

    told = text_of(to_pdf(card))

    assert card.document.identity.company in told
    assert card.overall.grade in told
    for theme in card.themes:
        assert f"{theme.code} " in told
    assert card.evidence[0].quote[:40] in told
    assert "12,480 tCO₂e" in told
    assert all(claim.value in told for claim in card.claims)


def test_the_same_scorecard_gives_the_same_bytes() -> None:
    assert to_pdf(scorecard()) == to_pdf(scorecard())


def test_what_a_report_says_is_never_markup() -> None:
    card = scorecard()
    identity = replace(card.document.identity, company=EVIL)
    quotes = tuple(replace(one, quote=EVIL) for one in card.evidence)

    told = text_of(to_pdf(replace(card, document=replace(card.document, identity=identity), evidence=quotes)))

    assert '#panic("x")' in told
    assert "{{ 7*7 }}" in told
    assert "⟨U+202E⟩" in told


def test_a_report_that_could_not_be_judged_has_no_level() -> None:
    card: Scorecard = scorecard()
    unread = tuple(replace(t, level=0, confidence=0.0, status=Status.UNREADABLE) for t in card.themes)

    told = text_of(to_pdf(replace(card, themes=unread)))

    assert "Not judged" in told
    assert "no level" in told
