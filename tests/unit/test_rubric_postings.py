"""An index of texts leaves out a text for a pattern only where the pattern does not match it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esg.rubric import Postings, Strings, fold, load, numbers, sieve

PATTERNS = [
    r"\bnet zero\b|e&s",
    r"\breduc\w+.{0,60}\bby\b",
    r"risk|\bis\b",
    r"(?:\.\s*){5,}",
    r"\|\s*(?:gri\s+)?\d{1,3}-\d{1,2}",
    r"x y",
    r"\d",
    r"k[ıi]|ſi",
    r"碳\s?中",
    r"µ",
]
SIEVES = [sieve(re.compile(pattern, re.IGNORECASE)) for pattern in PATTERNS]
OTHER = sieve(re.compile("another"))
PIECES = [
    *(
        "net",
        "Zero",
        "e&s",
        "REDUCED",
        "by",
        "rısk",
        "İS",
        "ſi",
        ".",
        "|",
        "gri",
        "12-3",
        "x",
        " ",
        "\t",
        "\n",
    ),
    *("\u00a0", "\u2028", "碳", "中", "Σ", "µ", "-", "another", "7"),
]
TEXTS = st.lists(st.lists(st.sampled_from(PIECES), max_size=9).map("".join), max_size=7)


def matching(one, texts):
    return {number for number, text in enumerate(texts) if one.pattern.search(text)}


@given(TEXTS)
def test_a_text_that_is_left_out_does_not_match(texts):
    postings = Postings.of(texts, Strings(SIEVES))

    for one in (*SIEVES, OTHER):
        assert matching(one, texts) <= set(numbers(postings.may_match(one)))


@given(TEXTS, TEXTS)
def test_texts_side_by_side_are_left_out_only_where_they_do_not_match(left, right):
    pairs = list(zip(left, right, strict=False))
    strings = Strings(SIEVES)
    lefts, rights = (Postings.of([pair[side] for pair in pairs], strings) for side in (0, 1))

    both = lefts.beside(rights, "|")

    for one in (*SIEVES, OTHER):
        found = matching(one, [f"{a} | {b}" for a, b in pairs])
        assert found <= set(numbers(both.may_match(one)))


def test_a_text_without_what_a_pattern_needs_is_left_out():
    texts = ["We bake bread.", "Emissions were REDUCED by half.", "reduction", "We bake bread."]
    postings = Postings.of(texts, Strings(SIEVES))

    assert list(numbers(postings.may_match(SIEVES[1]))) == [1]


def test_a_pattern_that_was_not_announced_is_tried_everywhere():
    assert list(numbers(Postings.of(["a", "b"], Strings(SIEVES)).may_match(OTHER))) == [0, 1]


@pytest.mark.parametrize("count", [0, 1, 64, 65])
def test_numbers_of_a_set_come_in_their_order(count):
    assert list(numbers((1 << count) - 1)) == list(range(count))


def test_no_pattern_of_the_rubric_loses_a_text():
    rubric = load("maturity")
    texts = [fold(criterion.text) for criterion in rubric.criteria]
    texts += [fold(query) for criterion in rubric.criteria for query in criterion.queries]
    patterns = frozenset(rubric.patterns)
    postings = Postings.of(texts, Strings(patterns))

    for one in patterns:
        assert matching(one, texts) <= set(numbers(postings.may_match(one)))
