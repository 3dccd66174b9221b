"""Printed figures as the document means them."""

import pytest

from esg.kpi import numbers
from esg.kpi.numbers import Style


@pytest.mark.parametrize(
    ("text", "style", "value"),
    [
        ("1,234.5", None, 1234.5),
        ("1.234,5", None, 1234.5),
        ("1,234,567", None, 1234567),
        ("5.116.533", None, 5116533),
        ("1\u00a0170\u00a0000", None, 1170000),
        ("1 170 000", None, 1170000),
        ("12’345", None, 12345),
        ("0.123", None, 0.123),
        ("12,5", None, 12.5),
        ("6.032", Style.COMMA, 6032),
        ("6.032", Style.POINT, 6.032),
        ("6,032", Style.COMMA, 6.032),
        ("6,032", None, 6032),
        ("(12.4)", None, -12.4),
        ("−3", None, -3),
        ("1,121.57³", None, 1121.57),
        ("14 t", None, 14),
    ],
)
def test_a_cell_is_read_as_printed(text, style, value):
    assert numbers.in_cell(text, style).value == value


def test_digits_without_end_are_no_figure():
    endless = "9" * 2_000

    assert numbers.in_cell(endless, None) is None
    assert [number.value for number in numbers.in_prose(f"{endless} t and 12 t", None)] == [12]


def test_what_could_be_two_things_says_so():
    assert numbers.in_cell("6.032", None).is_ambiguous
    assert not numbers.in_cell("6.032", Style.COMMA).is_ambiguous
    assert not numbers.in_cell("6.03", None).is_ambiguous


def test_people_have_no_decimals():
    assert numbers.whole(numbers.in_cell("6.032", Style.POINT)) == 6032
    assert numbers.whole(numbers.in_cell("6.032", None)) == 6032
    assert numbers.whole(numbers.in_cell("58.5", None)) == 58.5


@pytest.mark.parametrize(
    ("texts", "style"),
    [
        (["1,234.5", "6.032"], Style.POINT),
        (["1.234.567", "6.032"], Style.COMMA),
        (["12,5 %", "6.032"], Style.COMMA),
        (["6.032", "7.100"], None),
        (["1,5", "1.5"], None),
    ],
)
def test_unmistakable_figures_vote_for_the_style(texts, style):
    assert numbers.style_of(texts) is style


def test_prose_takes_unbreakable_groups_only():
    found = [n.value for n in numbers.in_prose("Scope 1\u00a0170\u00a0000 t and 4,100 t in 2024", None)]
    assert found == [1170000, 4100, 2024]
    assert [n.value for n in numbers.in_prose("Scope 1 170 000 t", None)] == []


def test_words_and_codes_are_no_figures():
    assert list(numbers.in_prose("CO2e and E1-6 and H2O", None)) == []
    assert numbers.in_cell("n/a", None) is None


@pytest.mark.parametrize(
    ("text", "usual", "style"),
    [
        ("no figure", Style.COMMA, Style.COMMA),
        ("chapters 3.1, 3.2 and 4.1", Style.COMMA, Style.COMMA),
        ("1,234.5 and 2,345.6", Style.COMMA, Style.POINT),
        ("12.5 % and 13.5 %", Style.COMMA, Style.POINT),
        ("1.234,5 and 1,234.5", Style.COMMA, Style.MIXED),
        ("no figure", Style.MIXED, Style.MIXED),
        ("12,5", Style.MIXED, Style.COMMA),
        ("12,5", Style.POINT, Style.POINT),
    ],
)
def test_a_language_has_a_usual_style_that_figures_overrule(text, usual, style):
    assert numbers.style_in([text], usual) is style


def test_where_styles_are_mixed_every_single_sign_before_three_digits_is_ambiguous():
    assert numbers.parse("6.032", Style.MIXED) == (6.032, True)
    assert numbers.parse("6,032", Style.MIXED) == (6032, True)
    assert numbers.parse("1.234,5", Style.MIXED) == (1234.5, False)
