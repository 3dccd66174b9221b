"""Figures and years as other languages write them: what they are read as, and what could be two things."""

import pytest

from esg.kpi.numerals import numerals

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("12 345 tonnes", [f"12{NBSP}345"]),
        ("1 234 567,8 MWh", [f"1{NBSP}234{NBSP}567,8"]),
        ("en 2023 12 345 t", [f"12{NBSP}345"]),
        ("scope 1 : 2 345 t", [f"2{NBSP}345"]),
        ("(scope 1)\t12 345", [f"12{NBSP}345"]),
        ("scope 1 170 000 t", []),
        ("scopes 1 et 2 170 000 t", []),
        ("12 345 6", []),
        ("12 345.678", []),
    ],
)
def test_blanks_group_digits(text, read):
    assert [term.text for term in numerals(text, "blanks")] == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("9.40 萬", ["94000"]),
        ("1億2,345萬", ["123450000"]),
        ("1萬2,345", ["12345"]),
        ("1.2亿", ["120000000"]),
        ("1萬5千", ["?"]),
        ("1.5億2,000萬", ["?"]),
        ("12,345", []),
        ("2021年度", ["2021"]),
        ("2021 年 12 月 31 日", ["2021"]),
        ("民國110年", ["2021"]),
        ("中華民國 99 年度", ["2010"]),
        ("110年度", ["2021"]),
        ("成立110年來", []),
        ("超過110年", []),
        ("二零二二年", ["2022"]),
        ("二〇二二年度", ["2022"]),
        ("2021", []),
    ],
)
def test_chinese_figures_and_years(text, read):
    assert [term.text for term in numerals(text, "han")] == read


def test_other_languages_have_none_of_these():
    assert numerals("12 345 民國110年", "") == []
