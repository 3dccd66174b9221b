"""Figures read by their place on the page: bar charts, and numbers set large over their names."""

from dataclasses import replace

import pytest

from esg.domain import Block, BlockKind, Box, Word
from esg.kpi import read_kpis

Line = tuple[str, float, float]  # text, x0, y0


@pytest.fixture
def read(make_page, make_document):
    """Read a page of lines that stand each by itself at a place."""

    def read_lines(*lines: Line, year: int = 2024):
        text, words, blocks = "", [], []
        for line, x0, y0 in lines:
            start = len(text) + bool(text)
            text += ("\n" if text else "") + line
            x1 = x0 + 5 * len(line)
            blocks.append(Block(BlockKind.PARAGRAPH, start, len(text), Box(x0, y0, x1, y0 + 10)))
            words.append(Word(start, len(text), Box(x0, y0, x1, y0 + 10)))
        page = replace(make_page("x"), text=text, words=tuple(words), blocks=tuple(blocks))
        kpis = read_kpis(make_document(year=year), [page])
        return {(k.kpi, k.fiscal_year): k.value for k in kpis}

    return read_lines


AXIS = (("2022", 100, 300), ("2023", 160, 300), ("2024", 220, 300))
BARS = (("29.5", 100, 240), ("30.5", 160, 230), ("31.0", 220, 220))


def test_a_number_over_each_year(read):
    title = (("Women in leadership positions", 80, 100), ("in %", 80, 112), ("40", 80, 140), ("0", 80, 290))

    assert read(*title, *BARS, *AXIS) == {
        ("women_in_management_share", 2024): 31.0,
        ("women_in_management_share", 2023): 30.5,
    }


def test_a_chart_takes_its_unit_from_its_title(read):
    title = ("Scope 1 emissions (ktCO2e)", 80, 100)

    assert read(title, *BARS, *AXIS)["scope1", 2024] == 31000


@pytest.mark.parametrize(
    "other",
    [
        ("12.5", 220, 260),  # two numbers over a year: a stacked bar
        ("Scope 2", 80, 130),  # a legend: which of them is it?
        ("Reduction in offices", 80, 130),
    ],
)
def test_a_chart_that_can_be_two_things_is_left_out(read, other):
    assert read(("Scope 1 emissions (tCO2e)", 80, 100), other, *BARS, *AXIS) == {}


def test_a_chart_without_a_number_for_each_year_is_left_out(read):
    assert read(("Scope 1 emissions (tCO2e)", 80, 100), *BARS[:2], *AXIS) == {}


def test_a_figure_set_large_over_its_name(read):
    assert read(("31%", 100, 100), ("Women in leadership", 100, 112)) == {
        ("women_in_management_share", 2024): 31
    }
    assert read(("0.8", 100, 100), ("LTIFR", 100, 112)) == {("ltifr", 2024): 0.8}


def test_a_target_set_large_is_no_figure(read):
    assert read(("40%", 100, 100), ("Target: women in leadership", 100, 112)) == {}
    assert read(("40%", 100, 100), ("Women in leadership by 2030", 100, 112)) == {}
