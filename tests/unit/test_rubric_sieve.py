"""A sieve finds what its pattern finds: what it leaves untried could not have matched."""

import operator
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esg.rubric import any_found, fold, letters, load, sieve
from esg.rubric.beginnings import beginnings
from esg.rubric.needed import needed

HERE = Path(__file__).parent
RUBRIC = load("maturity")
THEMES = {"": RUBRIC.themes} | {language.code: language.word() for language in RUBRIC.others}
STATEMENTS = [statement.criterion for statement in RUBRIC.statements]


def patterns_of(themes, criteria=()):
    for theme in themes:
        yield from (*theme.topic, *theme.ignore)
    for criterion in (*(c for theme in themes for c in theme.criteria), *criteria):
        yield from (pattern for cue in criterion.cues for pattern in cue.patterns)
        yield from criterion.counter_cues
        yield from (pattern for counter in criterion.excludes for pattern in counter.patterns)
        yield from (counter.borders for counter in criterion.excludes if counter.borders)


def texts_in(code):
    """Every third phrasing in a language, of which each is a sentence."""
    file = HERE / "phrasings" / f"{code}.toml" if code else HERE / "phrasings.toml"
    phrasings = tomllib.loads(file.read_text(encoding="utf-8"))
    return [fold(text) for kind in phrasings.values() for texts in kind.values() for text in texts][::3]


def assert_same_found(sieves, texts):
    for text in texts:
        for one in sieves:
            found = [m.span() for m in one.finditer(text)]
            assert found == [m.span() for m in one.pattern.finditer(text)], (one.pattern.pattern, text)
    assert any(one.pattern.search(text) for text in texts for one in sieves)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"\bnet\s+zero\b", (("zero",), ("net",))),
        (r"\b(?:targets?|goals?)\b", (("goal", "target"),)),
        (r"\breduc\w+.{0,60}\bby\b", (("reduc",), ("by",))),
        (r"(?:solar )?power", (("power",),)),
        (r"(?<!ed )\bto (?=set)up", (("to up",),)),
        (r"e&s|esg\b", (("e&s", "esg"),)),
        (r"CO2(?:-?eq?)?", (("co2",),)),
        (r"\d[\d.,]{2,}", ()),
        (r"\d|\bkpis?\b", ()),
        (r"x{0,3}", ()),
        (r"klimaneutralität", (("klimaneutralität",),)),
        (r"碳中和", (("碳中和",),)),
        (r"[ab]c+d", (("c",), ("d",))),
        (r"(?P<future>20\d\d)", (("20",),)),
        (r"(a)\1", ()),
        (r"(?i:abc)", ()),
    ],
)
def test_what_a_pattern_needs(pattern, expected):
    assert needed(pattern) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"\bnet\s+zero\b", ("net",)),
        (r"\b(?:targets?|goals?)\b", ("goal", "target")),
        (r"\be?missions\b", ("emissions", "missions")),
        (r"(?:solar )?power", ("power", "solar power")),
        (r"(?:non-)*conformity", ("conformit", "non-")),
        (r"(?<!ed )\bto (?=set)up", ("to up",)),
        (r"(?:gas|oil)[- ]fired", ("gas", "oil")),
        (r"(?:ab+|a)cd", ("ab", "acd")),
        (r"(?:ab|a)cd", ("abcd", "acd")),
        (r"(?:to|for) (?:all|any)", ("for all", "for any", "to all", "to any")),
        (r"(?:we|(?:the )?group)\b.{0,30}", ("group", "the group", "we")),
        (r"(?:re)?use", ("reuse", "use")),
        (r"\|\s*contents", ("|",)),
        (r"klimaneutralität", ("klimaneut",)),
        (r"µm", ()),
        (r"\d[\d.,]{2,}", ()),
        (r"\w+ing", ()),
        (r"(?:the|a)\s+plan", ()),
        (r"x{0,3}yes|no?", ()),
        (r"(?:of )?(?:the )?", ()),
        (r"(?:" + "|".join(f"word{n}" for n in range(100)) + ")", ()),
        (r"(a)\1", ()),
    ],
)
def test_what_a_match_begins_with(pattern, expected):
    assert beginnings(pattern) == expected


PARTS = st.sampled_from(
    [
        "ab",
        "b",
        "a",
        "ba?",
        "(?:ab|b)",
        "(?:a|bc)?",
        "(?:ab)*",
        "b+",
        ".",
        "[ac]",
        r"\b",
        "(?=b)",
        "(?<!a)",
        "c{2}",
        " ",
        "|",
    ]
)


@given(
    st.lists(PARTS, min_size=1, max_size=6).map("".join), st.text("abcC -", max_size=16), st.integers(0, 4)
)
def test_whatever_the_pattern_is_a_sieve_finds_the_same(pattern, text, start):
    one = sieve(re.compile(pattern, re.IGNORECASE))
    end = max(start, len(text) - 1)
    for places in ((), (start,), (start, end)):
        expected = [m.span() for m in one.pattern.finditer(text, *places)]
        assert [m.span() for m in one.finditer(text, *places)] == expected
    assert bool(one.search(text)) == bool(one.pattern.search(text))


def test_most_patterns_of_the_rubric_say_what_their_matches_begin_with():
    every = {one.pattern.pattern for one in patterns_of(RUBRIC.themes, STATEMENTS)}
    assert sum(bool(beginnings(pattern)) for pattern in every) > 0.8 * len(every)


@pytest.mark.parametrize("code", THEMES)
def test_a_sieve_finds_what_its_pattern_finds_in_every_phrasing(code):
    assert_same_found(dict.fromkeys(patterns_of(THEMES[code])), texts_in(code))


def test_a_statements_sieve_finds_what_its_pattern_finds_in_every_phrasing():
    assert_same_found(dict.fromkeys(patterns_of((), STATEMENTS)), texts_in(""))


WORDS = st.sampled_from(["risk", "Kı", "İS", "ſi", "is", "x", " ", "ris", "k", "é", "É", "\u212a", "ß", "-"])


@given(st.lists(WORDS, max_size=8).map("".join))
def test_letters_that_only_look_like_others_are_found_as_well(text):
    for pattern in (r"risk", r"\bis\b", r"é-", r"k[ıi]|ſi", r"x?is"):
        one = sieve(re.compile(pattern, re.IGNORECASE))
        assert [m.span() for m in one.finditer(text)] == [m.span() for m in one.pattern.finditer(text)]


def test_a_letter_has_no_form_that_lowering_leaves_apart():
    every = "".join(chr(code) for code in range(0x3000))
    for letter in map(chr, range(0x180)):
        if needed(re.escape(letter)):
            forms = re.findall(re.escape(letter), every, re.IGNORECASE)
            assert {letters(form) for form in forms} <= {letter.lower(), "i̇"}


def test_any_of_several_is_enough():
    sieves = [sieve(re.compile(pattern, re.IGNORECASE)) for pattern in ("water", "waste")]
    assert any_found(sieves, "Less Waste")
    assert not any_found(sieves, "Less paper")
    assert not any_found([], "Less paper")


def test_a_pattern_has_one_sieve():
    again = load("maturity")
    assert all(map(operator.is_, patterns_of(again.themes), patterns_of(RUBRIC.themes)))
    assert again == RUBRIC
