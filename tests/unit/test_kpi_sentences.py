"""Figures read from sentences: whose year, whose method, whose number."""

import pytest

from esg.kpi import read_kpis


@pytest.fixture
def read(make_page, make_document):
    def read_text(text, year=2024):
        kpis = read_kpis(make_document(year=year), [make_page(text)])
        return {(k.kpi, k.fiscal_year): k.value for k in kpis}

    return read_text


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "Our direct emissions (Scope 1) totaled 1,236,000 metric tons of CO2eq (2023: 1,518,000).",
            {("scope1", 2024): 1236000, ("scope1", 2023): 1518000},
        ),
        (
            "Scope 1 emissions fell to 1,236 tCO2e from 1,518 tCO2e in 2023.",
            {("scope1", 2024): 1236, ("scope1", 2023): 1518},
        ),
        ("In 2024, Scope 1 emissions were 1,236 tCO2e (2019: 5,000 tCO2e).", {("scope1", 2024): 1236}),
        ("Scope 1 emissions were 1,236 tCO2e (1,518 tCO2e in 2023).", {("scope1", 2024): 1236}),
        ("Scope 1 emissions were 1,236 tCO2e in 2023.", {("scope1", 2023): 1236}),
    ],
)
def test_the_year_of_a_comparison_is_not_the_figure_s_own(read, text, values):
    assert read(text) == values


@pytest.mark.parametrize(
    "text",
    [
        "Scope 2 emissions in 2024 were 227 tCO2e (market-based) and 381 tCO2e (location-based).",
        "Scope 2 emissions in 2024 were location-based 381 tCO2e and market-based 227 tCO2e.",
        "In 2024 our Scope 2 emissions totalled 227 tCO2e calculated using the market-based method "
        "(381 tCO2e according to the location-based method).",
        "In 2024, market-based Scope 2 emissions were 227 tCO2e and location-based Scope 2 emissions were "
        "381 tCO2e.",
    ],
)
def test_each_method_keeps_its_figure(read, text):
    assert read(text) == {("scope2_market", 2024): 227, ("scope2_location", 2024): 381}


def test_a_figure_between_two_methods_is_left_out(read):
    assert read("Market-based and location-based Scope 2 emissions in 2024 were 227 tCO2e.") == {}
