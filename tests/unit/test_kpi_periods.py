"""Words for a year and the fiscal year they name."""

import pytest

from esg.kpi import periods


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2023", 2023),
        ("FY23", 2023),
        ("FY'23", 2023),
        ("FY2022/23", 2023),
        ("2022-23", 2023),
        ("2022/2023", 2023),
        ("CY2022", 2022),
        ("31.12.2023", 2023),
        ("12/31/2023", 2023),
        ("30 June 2023", 2023),
        ("Dec 31, 2022", 2022),
        ("2022⁽¹²⁾", 2022),
        ("20231", 2023),
        ("2023 (base year¹) tCO2e", 2023),
    ],
)
def test_a_period_has_one_fiscal_year(text, year):
    assert periods.only(text).year == year


@pytest.mark.parametrize("text", ["2015-2030", "2,023", "305-1", "Scope 23", "12 2%"])
def test_other_figures_are_no_period(text):
    assert periods.find(text) == ()


def test_half_years_are_partial():
    assert periods.find("H1 2024")[0].is_partial
    assert periods.only("H1 2024") is None


def test_two_years_are_not_one():
    assert periods.only("2022 to 2030") is None
    assert periods.differ(periods.find("FY22 and FY23"))


def test_what_is_left_without_periods():
    assert periods.without("2023 emissions tCO2e") == "emissions tCO2e"
    assert periods.without("As of 31 December 2023") == "As of"
