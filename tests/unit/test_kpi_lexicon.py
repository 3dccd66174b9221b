"""Row labels: which name a figure whole, and which a smaller one."""

import pytest

from esg.kpi import lexicon


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Scope 1: Direct emissions", "scope1"),
        ("Gross Scope 1 greenhouse gas emissions (tCO2eq)", "scope1"),
        ("Direct (Scope 1) GHG emissions – GRI 305-1", "scope1"),
        ("Scope 1 emissions, total²", "scope1"),
        ("Gross location-based Scope 2 GHG emissions", "scope2"),
        ("Energy indirect (Scope 2) emissions", "scope2"),
        ("Significant Scope 3 total emissions", "scope3"),
        ("Scope 3 emissions, categories reported", "scope3"),
        ("Scope 1 + 2 (market-based)", "scope1_2"),
        ("Scope 1 and Scope 2", "scope1_2"),
        ("Total emissions (Scope 1, 2 and 3)", "total_ghg"),
        ("Total GHG emissions", "total_ghg"),
        ("Energy consumed", "energy_consumption"),
        ("Total energy consumptionᵇ", "energy_consumption"),
        ("Renewable electricity share (%)", "renewable_electricity_share"),
        ("Water withdrawal", "water_withdrawal"),
        ("Total waste generated", "waste_total"),
        ("Employees (headcount)", "employees"),
        ("Women in management positions (in %)", "women_in_management_share"),
        ("LTIFR", "ltifr"),
        ("TRIFR", "trir"),
    ],
)
def test_a_label_names_a_figure(label, key):
    assert lexicon.name(label).key == key


@pytest.mark.parametrize(
    "label",
    [
        "Scope 1 emissions from natural gas",
        "Scope 1 intensity per employee",
        "Scope 2 and 3",
        "Gross Scope 1 emissions (tCO2eq) Scope 2 emissions",
        "Total emissions Total Scope 3 emissions",
        "Scope 1 Germany",
        "Renewable energy generated",
        "Recycled waste",
        "Female employees",
        "Employee turnover",
        "Water recycled",
    ],
)
def test_a_smaller_or_doubtful_figure_is_not_named(label):
    assert lexicon.name(label) is None


@pytest.mark.parametrize(
    ("label", "number"),
    [
        ("Category 6: Business travel", 6),
        ("3.1 Purchased goods and services", 1),
        ("15 Investments", 15),
        ("End-of-life treatment of sold products", 12),
        ("Scope 3 emissions", None),
    ],
)
def test_categories_of_scope_3(label, number):
    assert lexicon.category(label) == number


def test_no_key_is_there_twice():
    keys = [entry.key for entry in lexicon.entries()]
    assert len(keys) == len(set(keys))
    assert [c.number for c in lexicon.categories()] == list(range(1, 16))
