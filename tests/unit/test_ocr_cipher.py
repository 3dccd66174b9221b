"""Readings of symbols → letters: what most of them say, if they agree."""

from collections import Counter

from esg.extract.pdf.cipher import Learner
from esg.extract.pdf.codes import Symbol

FONT = "ABCDEF+Face/00000000"


def word(codes: str, font: str = FONT) -> tuple[Symbol, ...]:
    return tuple((font, ord(code)) for code in codes)


def taught(*pairs: tuple[str, str], font: str = FONT) -> Learner:
    learner = Learner()
    for codes, text in pairs:
        learner.count([word(part, font) for part in codes.split()], text.split())
    return learner


def test_most_readings_decide() -> None:
    cipher = taught(("qxz", "one"), ("qxz", "one"), ("qxz", "0ne")).cipher()

    assert [cipher.letters[symbol] for symbol in word("qxz")] == ["o", "n", "e"]


def test_readings_that_do_not_agree_teach_nothing() -> None:
    cipher = taught(("q", "l"), ("q", "I"), ("x", "a")).cipher()

    assert word("q")[0] not in cipher.letters


def test_words_read_with_more_or_fewer_letters_are_left_out() -> None:
    assert not taught(("qxz", "on")).votes


def test_where_only_the_blanks_differ_the_line_is_one_word() -> None:
    assert taught(("qx z", "one")).votes[word("q")[0]] == Counter("o")


def test_a_ligature_is_what_is_left_of_its_word() -> None:
    cipher = taught(("abc", "ice"), ("dab", "fiic")).cipher()

    assert cipher.letters[word("d")[0]] == "ﬁ"


def test_a_font_that_means_what_it_says_needs_no_cipher() -> None:
    assert taught(("fleet", "fleet"), ("fleet", "fleel")).cipher().fonts == frozenset()
    assert taught(("qxz", "one")).cipher().fonts == {FONT}
