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


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Our Scope 1 emissions decreased by 12% to 1,234 tCO2e in 2024.", {("scope1", 2024): 1234}),
        (
            "Our combined Scope 1 and Scope 2 emissions were 45.6 ktCO2e in FY2024, "
            "down from 50.1 ktCO2e in FY2023.",
            {("scope1_2", 2024): 45600, ("scope1_2", 2023): 50100},
        ),
        ("Total GHG emissions (Scope 1, 2 and 3) in 2024 were 45,600 tCO2e.", {("total_ghg", 2024): 45600}),
        ("Energy consumption rose to 12,345 MWh in 2024.", {("energy_consumption", 2024): 12345}),
        (
            "Total water withdrawal was 1.2 megalitres in FY24 (FY23: 1.3 ML).",
            {("water_withdrawal", 2024): 1200, ("water_withdrawal", 2023): 1300},
        ),
        ("Our total waste generated in 2024 was 1,234 tonnes.", {("waste_total", 2024): 1234}),
        (
            "At the end of 2024, the Acme Group had 5,432 employees worldwide (2023: 5,210).",
            {("employees", 2024): 5432, ("employees", 2023): 5210},
        ),
        ("The number of employees increased from 5,210 to 5,432 in 2024.", {("employees", 2024): 5432}),
        (
            "Women held 31% of management positions at the end of 2024 (2023: 29%).",
            {("women_in_management_share", 2024): 31, ("women_in_management_share", 2023): 29},
        ),
        ("40 per cent of our Board of Directors are women.", {("board_women_share", 2024): 40}),
        (
            "Our lost time injury frequency rate (LTIFR) improved to 0.8 in FY24, down from 1.1 in FY23.",
            {("ltifr", 2024): 0.8, ("ltifr", 2023): 1.1},
        ),
        ("The TRIFR was 3.4 for the year.", {("trir", 2024): 3.4}),
        (
            "In 2024, we sourced 51% of our purchased electricity from renewable energies.",
            {("renewable_electricity_share", 2024): 51},
        ),
    ],
)
def test_figures_in_sentences(read, text, values):
    assert read(text) == pytest.approx(values)


@pytest.mark.parametrize(
    "text",
    [
        "Our TRIFR target is 3.0 by 2025.",
        "We aim to source 100% of our electricity from renewable sources by 2030.",
        "In 2024, 45% of the electricity used by our customers came from renewable sources.",
        "In 2024, 100% of our electricity in Germany came from renewable sources.",
        "Since 2019 we have reduced our Scope 1 emissions by 40%, saving 1,200 tCO2e.",
        "In 2024, Scope 1 emissions in Germany were 1,200 tCO2e.",
        "We trained 5,000 employees worldwide in 2024.",
        "24,000 employees at the end of 2024 had completed the training.",
        "Our Scope 1 emissions in 2024 were 12,000 tCO2e lower than in 2023.",
        "Energy consumption was 12,000 MWh higher in 2024.",
        "Water withdrawal fell to 41 megalitres at the Pune site in 2024.",
        "Scope 1 emissions declined to 41,000 tCO2e in 2024 at the Hamburg refinery.",
        "We consumed 84,310 MWh of energy in Germany in 2024.",
        "The share of female managers among participants was 31% in 2024.",
        "Women in leadership roles at our suppliers was 12% in 2024.",
        "In IT, women hold 21% of management positions.",
        "38% women in leadership is our aspiration.",
    ],
)
def test_targets_and_parts_in_sentences_are_no_figures(read, text):
    assert read(text) == {}


def test_a_quote_keeps_the_company_s_name(make_page, make_document):
    page = make_page("Acme’s LTIFR was 0.8 in 2024.")
    (kpi,) = read_kpis(make_document(year=2024), [page])

    assert kpi.quote == "Acme’s LTIFR was 0.8 in 2024."


def test_a_figure_to_compare_may_have_a_unit_of_its_own(make_page, make_document):
    page = make_page("Scope 1 emissions were 12.1 kt CO2e in 2024 (2023: 11,400 t CO2e).")

    kpis = read_kpis(make_document(year=2024), [page])

    assert [(k.value, k.raw_value, k.raw_unit) for k in kpis] == [
        (12_100, "12.1", "kt CO2e"),
        (11_400, "11,400", "t CO2e"),
    ]


def test_a_figure_may_rise_from_that_of_the_year_before(read):
    text = "Scope 1 emissions rose from 10,200 tCO2e in 2023 to 11,050 tCO2e in 2024."

    assert read(text) == {("scope1", 2024): 11_050, ("scope1", 2023): 10_200}
