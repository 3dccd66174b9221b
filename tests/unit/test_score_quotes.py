"""Quotes: at most thirty words, verbatim, boxes line by line, and checked by someone else."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esg.domain import Box, Claim, Evidence, Span
from esg.kpi import MAX_WORDS, quote_span
from esg.score import cite, verify


def quoted(text, start, end):
    span = quote_span(Span(1, 0, len(text)), text, start, end)
    return text[span.start : span.end]


def test_a_short_sentence_is_quoted_whole():
    assert quoted("  We did it.  ", 2, 4) == "We did it."


def test_a_long_sentence_is_cut_around_its_cue():
    words = [f"w{n}" for n in range(100)]
    text = " ".join(words)
    start = text.index("w60")

    quote = quoted(text, start, start + 3).split()

    assert len(quote) == MAX_WORDS
    assert "w60" in quote


@given(st.lists(st.text("ab,;", min_size=1, max_size=4), min_size=1, max_size=90), st.data())
def test_a_quote_is_never_too_long_and_begins_and_ends_with_a_word(words, data):
    text = " ".join(words)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))

    quote = quoted(text, start, end)

    assert 1 <= len(quote.split()) <= MAX_WORDS
    assert quote == quote.strip()
    assert quote in text


def test_boxes_are_merged_line_by_line(make_page):
    page = make_page("We set a target\nfor the year 2030.")

    evidence = cite(page, 0, len(page.text))

    assert len(evidence.boxes) == 2
    assert evidence.boxes[0].y1 < evidence.boxes[1].y0
    assert all(isinstance(box, Box) for box in evidence.boxes)


def test_the_same_place_is_the_same_evidence(make_page):
    page = make_page("We set a target.")
    assert cite(page, 0, 6) == cite(page, 0, 6)
    assert cite(page, 0, 6).id != cite(page, 0, 8).id


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 2), (2, 4), (0, 999), (-1, 3)])
def test_what_is_no_run_of_words_is_refused(make_page, start, end):
    with pytest.raises(ValueError, match="is not a run of words"):
        cite(make_page("We set a target."), start, end)


@pytest.fixture
def card(make_page, make_document, make_retriever):
    from esg.domain import Versions
    from esg.rubric import load
    from esg.score import LocalJudge, score

    pages = [
        make_page("Our goal is to cut emissions by 42% by 2030.\n\nWe want net zero by 2045.\n\n_ Footer 1")
    ]
    versions = Versions("t", "t", "t")
    return pages, score(
        make_document(year=2024),
        pages,
        make_retriever(pages),
        rubric=load("maturity"),
        judge=LocalJudge(),
        versions=versions,
    )


def tampered(card, **changes):
    pages, scorecard = card
    first, *rest = scorecard.evidence
    return verify(replace(scorecard, evidence=(replace(first, **changes), *rest)), pages)


def test_a_scorecard_that_holds_has_no_problem(card):
    pages, scorecard = card
    assert scorecard.evidence
    assert verify(scorecard, pages) == []


def test_every_tampering_is_found(card):
    pages, scorecard = card
    first: Evidence = scorecard.evidence[0]

    assert any("does not read so" in p for p in tampered(card, quote="We invented this."))
    assert any("hash" in p for p in tampered(card, sha256="0" * 64))
    assert any("outside page" in p for p in tampered(card, boxes=(Box(-90, 0, 10, 10),)))
    assert any("no box" in p for p in tampered(card, boxes=()))
    assert any("there is no page 9" in p for p in tampered(card, page=9))
    footer = pages[0].text.index("Footer")
    assert any("running" in p for p in tampered(card, start=footer, end=footer + 6))
    gone = replace(scorecard, evidence=scorecard.evidence[1:])
    assert any(f"{first.id} is named but not there" in p for p in verify(gone, pages))
    claimed = replace(scorecard, claims=(Claim("base_year", "2020", 1, "q", "nowhere"),))
    assert any("nowhere is named" in p for p in verify(claimed, pages))


def test_a_level_on_one_quote_is_found(card):
    pages, scorecard = card
    theme = next(t for t in scorecard.themes if t.level)
    thin = replace(theme, evidence=theme.evidence[:1])
    themes = tuple(thin if t is theme else t for t in scorecard.themes)

    assert any("stands on 1 quote" in p for p in verify(replace(scorecard, themes=themes), pages))
