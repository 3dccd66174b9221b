"""How a rubric writes a pattern."""

import re

import pytest

from esg.rubric import compile_pattern, fold, in_time


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("net zero", "Net\n  Zero", True),
        ("net ?zero", "netzero", True),
        ("net[- ]zero", "net\nzero", True),
        ("a ?b", "a  b", True),
        ("[^ ]+ x", "ab x", True),
        ("net zero", "netzero", False),
        ("{word} zero", "net zero", True),
        (r"\d{2,3} t", "120 t", True),
    ],
)
def test_a_blank_stands_for_any_white_space(pattern, text, found):
    compiled = compile_pattern(pattern, {"word": "net"})
    assert bool(compiled.search(text)) is found


def test_words_may_use_other_words():
    compiled = compile_pattern("{a} x", {"a": "{b}|c", "b": "d"})
    assert compiled.search("d x")
    assert compiled.search("c x")


def test_in_plain_text_blanks_and_ticks_alone_are_folded():
    letters = "".join(map(chr, range(128)))
    changed = {one: fold(f"a{one}b")[1] for one in letters if fold(f"a{one}b") != f"a{one}b"}
    assert changed == dict.fromkeys("\t\n\r\f\v", " ") | {"`": "'"}
    assert fold(letters + "é") == fold(letters) + "é"


def test_folding_keeps_every_offset():
    text = "Acme’s “net‑zero”\u00a0target – CO₂"
    assert fold(text) == 'Acme\'s "net-zero" target - CO2'
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "year", "holds"),
    [
        ("by 2030", 2024, True),
        ("by 2024", 2024, False),
        ("by 30", 2024, True),
        ("by 2020", None, True),
    ],
)
def test_a_future_year_lies_after_the_document(text, year, holds):
    match = re.search(r"by (?P<future2>\d+)", text)
    assert in_time(match, year) is holds


def test_a_past_year_does_not():
    match = re.search(r"from (?P<past>\d+)", "from 2019")
    assert in_time(match, 2019)
    assert not in_time(match, 2018)
