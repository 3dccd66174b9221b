"""Whatever the markup, a fact's place holds the letters that its tag stands around."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esg.domain import Fact, Page
from esg.errors import Rejected
from esg.extract.html import read_html
from esg.extract.html.marks import letters

TAGS = (
    "div",
    "p",
    "span",
    "b",
    "table",
    "tr",
    "td",
    "th",
    "li",
    "ul",
    "h2",
    "ix:nonfraction",
    "ix:nonnumeric",
)
WORDS = st.text(st.sampled_from("abc 12,.$()•\n\u00a0\u200b"), max_size=8)


@st.composite
def markups(draw: st.DrawFn) -> str:
    """Tags opened and closed in any order, with words between."""
    pieces = draw(
        st.lists(st.tuples(st.sampled_from(TAGS), st.sampled_from(["<", "</"]), WORDS), max_size=40)
    )
    opened = '<html xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"><body><p>Report.</p>'
    return opened + "".join(f'{bracket}{tag} name="a:B">{words}' for tag, bracket, words in pieces)


def read(html: str) -> tuple[tuple[Page, ...], tuple[Fact, ...]]:
    pages, facts, _ = read_html(html.encode(), document_id="d" * 64, max_pages=100)
    return pages, facts


def bare(text: str) -> str:
    return "".join(text.replace("\u200b", "").split())


@settings(max_examples=300, deadline=None)
@given(markups())
def test_a_place_holds_the_letters_of_its_tag(html: str) -> None:
    pages, facts = read(html)

    for fact in facts:
        if fact.place:
            stands = pages[fact.place.page - 1].text[fact.place.start : fact.place.end]
            assert stands == stands.strip()
            assert bare(stands)
            assert bare(stands) in bare(fact.printed)


def test_letters_are_what_no_folding_changes() -> None:
    assert letters(" a\u00a0b\u2028c\u200bd\n") == 4


def test_a_page_of_nothing_but_hidden_facts_is_refused() -> None:
    hidden = '<ix:header><ix:hidden><ix:nonNumeric name="a:B">text</ix:nonNumeric></ix:hidden></ix:header>'
    with pytest.raises(Rejected) as refused:
        read(f"<html><body>{hidden}</body></html>")

    assert refused.value.code == "no_text"
