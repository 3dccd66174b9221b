"""Figures read from whole pages: tables and sentences, each trap by itself."""

from dataclasses import replace

import pytest

from esg.kpi import evidence_of, read_kpis


@pytest.fixture
def read(make_page, make_document):
    def read_pages(*texts, year=2024):
        pages = [make_page(text, number) for number, text in enumerate(texts, 1)]
        return read_kpis(make_document(year=year), pages)

    return read_pages


def values(kpis):
    return {(k.kpi, k.fiscal_year): k.value for k in kpis}


def test_a_table_with_two_years(read):
    kpis = read("~ GHG emissions in tCO2e\n\n^\t2024\t2023\t2022\nScope 1\t1,200\t1,300\t1,500")

    assert values(kpis) == {("scope1", 2024): 1200, ("scope1", 2023): 1300}
    assert kpis[0].raw_value == "1,200"
    assert kpis[0].period == "2024"
    assert kpis[0].quote == "Scope 1\t1,200\t1,300\t1,500"
    assert kpis[0].boxes


def test_units_in_the_header_count(read):
    kpis = read("^in 1,000 tonnes CO2e\tFY24\nScope 1 emissions, total²\t612.4")

    assert values(kpis) == {("scope1", 2024): 612400}
    assert kpis[0].period == "FY24"


def test_methods_of_scope_2_stay_apart(read):
    kpis = read(
        "^tCO2e\t2024\nScope 2, location-based\t900\nScope 2 (market-based)\t700\nScope 1\t100\n"
        "Scope 1 and 2 (market-based)\t800"
    )

    assert values(kpis) == {
        ("scope1", 2024): 100,
        ("scope1_2", 2024): 800,
        ("scope2_location", 2024): 900,
        ("scope2_market", 2024): 700,
    }
    assert {k.kpi: k.method for k in kpis}["scope2_market"] == "market"
    assert next(k for k in kpis if k.kpi == "scope1_2").flags == ("sum_ok",)


def test_scope_2_without_a_method_is_unspecified(read):
    kpis = read("^tCO2e\t2024\nScope 2\t900")

    assert [(k.kpi, k.method) for k in kpis] == [("scope2_unspecified", "unspecified")]


def test_a_total_is_what_its_rows_add_up_to(read):
    kpis = read("~ CO2 emissions in 2024 in t\n\nScope 1\t600\nScope 2\t410\nTotal\t1,010")

    assert values(kpis)["scope1_2", 2024] == 1010
    assert ("total_ghg", 2024) not in values(kpis)


def test_a_total_that_does_not_add_up_is_kept_beside_the_computed_one(read):
    kpis = read("^tCO2e\t2024\nScope 1\t100\nScope 2\t50\nScope 1 and 2\t190")

    stated = next(k for k in kpis if k.kpi == "scope1_2")
    assert (stated.value, stated.flags) == (190, ("sum_mismatch", "parts_add_up_to_150"))


def test_a_jump_by_ten_raises_an_alarm(read):
    kpis = read("^tCO2e\t2024\t2023\nScope 3\t2,579,061\t77,523")

    assert "jump_x10" in kpis[0].flags


def test_changes_targets_and_percentages_are_no_figures(read):
    kpis = read("^tCO2e\t2024\tChange 2024\tTarget 2024\nScope 1\t100\t12\t80\nScope 2\t5%\t1\t2")

    assert values(kpis) == {("scope1", 2024): 100}


def test_intensities_are_no_emissions(read):
    assert read("^\t2024\nScope 1 (tCO2e per employee)\t2.5\nScope 2 (kgCO2e/m2)\t30") == []


def test_parts_of_the_group_are_left_out(read):
    assert read("~ Emissions by country: Germany, tCO2e\n\n^\t2024\nScope 1\t100") == []
    assert read("~ Like-for-like emissions (tCO2e)\n\n^\t2024\nScope 1\t100") == []


def test_a_figure_twice_in_one_table_needs_a_total(read):
    kpis = read("^tCO2e\t2024\t2024\nScope 1\t100\t40")
    assert kpis == []

    kpis = read("^\t2024\n^tCO2e\tTotal\tPlants\nScope 1\t100\t40")
    assert values(kpis) == {("scope1", 2024): 100}


def test_a_figure_without_a_unit_is_left_out(read):
    assert read("^\t2024\nTotal energy consumption\t100") == []


def test_a_scale_that_is_not_part_of_the_unit_is_not_guessed(read):
    assert read("~ Water, all figures in thousands\n\n^m3\t2024\nWater withdrawal\t12") == []


@pytest.mark.parametrize(
    ("row", "key", "value"),
    [
        ("Total energy consumption (GWh)\t33.48", "energy_consumption", 33480),
        ("Energy consumed (TJ)\t1,342", "energy_consumption", 372777.777778),
        ("Water withdrawal (ML)\t1.5", "water_withdrawal", 1500),
        ("Total waste (kg)\t3.244.564", "waste_total", 3244.564),
        ("Number of employees\t6.032", "employees", 6032),
        ("LTIFR\t1.44", "ltifr", 1.44),
        ("Women in management (%)\t26.0", "women_in_management_share", 26),
    ],
)
def test_other_figures_and_units(read, row, key, value):
    assert values(read(f"^\t2024\n{row}")) == {(key, 2024): pytest.approx(value)}


def test_a_table_turned_round(read):
    kpis = read("^Year\tScope 1 (tCO2e)\tScope 2 (tCO2e)\n2024\t100\t50\n2023\t110\t60")

    assert values(kpis) == {
        ("scope1", 2024): 100,
        ("scope1", 2023): 110,
        ("scope2_unspecified", 2024): 50,
        ("scope2_unspecified", 2023): 60,
    }


def test_comma_decimals(read):
    kpis = read("^\t2024\nEnergy consumption (MWh)\t121016,8\nScope 1 (tCO2e)\t1.224,1")

    assert values(kpis) == {("energy_consumption", 2024): 121016.8, ("scope1", 2024): 1224.1}


def test_restated_columns_are_marked(read):
    kpis = read("^tCO2e\t2024\t2023 restated\nScope 1\t100\t110")

    assert [k.restated for k in kpis] == [False, True]


def test_categories_of_scope_3(read):
    kpis = read(
        "~ Scope 3 by category, in tCO2e\n\n^\t2024\n1 Purchased goods and services\t70\n6 Business travel\t3"
    )

    assert values(kpis) == {("scope3_cat1", 2024): 70, ("scope3_cat6", 2024): 3}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Our Scope 1 emissions were 1,200 tCO2e in 2024.", {("scope1", 2024): 1200}),
        (
            "In 2024 we produced 4,291 tCO2e of scope 1 and 2 emissions, 27% less than the 2019 level.",
            {("scope1_2", 2024): 4291},
        ),
        (
            "We report 16 Mt CO2e from our assets (Scope 1 and Scope 2), and 402.5 Mt CO2e (Scope 3).",
            {("scope1_2", 2024): 16e6, ("scope3", 2024): 402.5e6},
        ),
        (
            "Total GHG emissions for FY24 totalled 174M MT CO2e, up 10% from FY23.",
            {("total_ghg", 2024): 174e6},
        ),
        ("The group employed 775 people at the end of 2024 (previous year: 693).", None),
        (
            "The group employed 6.032 people at the end of 2024 (previous year: 5.911).",
            {("employees", 2024): 6032, ("employees", 2023): 5911},
        ),
        (
            "We withdrew 1\u00a0170\u00a0000 m³ in FY24, after 1\u00a0214\u00a0000 m³ in the previous year.",
            None,
        ),
    ],
)
def test_sentences(read, sentence, expected):
    found = values(read(sentence))

    if expected is None:
        assert {year for _, year in found} == {2024, 2023}
    else:
        assert found == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "We will reduce Scope 1 emissions by 1,200 tCO2e by 2030.",
        "Our target is Scope 1 emissions of 500 tCO2e in 2024.",
        "Scope 1 emissions fell by 300 tCO2e in 2024.",
        "Scope 1 emissions of our suppliers were 1,200 tCO2e in 2024.",
        "Scope 1 emissions in Germany were 1,200 tCO2e in 2024.",
        "Scope 1 emissions were 12% of 2024 energy.",
    ],
)
def test_sentences_that_speak_of_something_else(read, sentence):
    assert read(sentence) == []


def test_a_year_that_no_one_names_is_said_to_be_assumed(read):
    kpis = read("Our Scope 1 emissions were 1,200 tCO2e.")

    assert [(k.fiscal_year, k.flags) for k in kpis] == [(2024, ("period_assumed",))]


def test_two_places_that_agree_are_one_figure(read):
    kpis = read("^tCO2e\t2024\nScope 1\t1,234.5", "Our Scope 1 emissions were 1,235 tCO2e in 2024.")

    assert [(k.value, k.page, k.flags) for k in kpis] == [(1234.5, 1, ())]


def test_two_places_that_contradict_are_flagged(read):
    kpis = read("^tCO2e\t2024\nScope 1\t1,234", "Our Scope 1 emissions were 1,500 tCO2e in 2024.")

    assert [(k.value, k.flags) for k in kpis] == [(1234, ("contradicted",))]


def test_two_bases_stay_apart(read):
    kpis = read(
        "~ Portfolio emissions (t CO2e)\n\n^\t2024\nTotal GHG emissions\t900",
        "~ Emissions under operational control (t CO2e)\n\n^\t2024\nTotal GHG emissions\t100",
    )

    assert {(k.value, k.boundary) for k in kpis} == {(900, "Portfolio"), (100, "operational control")}


def test_every_figure_can_be_quoted(make_page, make_document):
    pages = [make_page("^tCO2e\t2024\nScope 1\t100")]

    (kpi,) = read_kpis(make_document(year=2024), pages)
    evidence = evidence_of(kpi, pages)

    assert evidence.id == kpi.evidence
    assert pages[0].text[evidence.start : evidence.end] == kpi.quote


def test_a_footnote_may_say_that_a_column_is_restated(read):
    kpis = read("^tCO2e\t2024\t2023¹\nScope 1\t100\t110\n\n* 1 Restated for an acquisition. 2 Other things.")

    assert [k.restated for k in kpis] == [False, True]


def test_a_year_over_the_wrong_columns_is_put_right(make_page, make_document):
    page = make_page("^\tBase year 2019\t2023\t2024\n^tCO2e\nScope 1\t300\t200\t100")
    table = page.tables[0]
    spilled = ("Base year 2019",)
    rows = tuple(
        tuple(c._replace(header=(*c.header, *spilled)) if c.column > 1 and c.header else c for c in row)
        for row in table.rows
    )

    kpis = read_kpis(make_document(year=2024), [replace(page, tables=(replace(table, rows=rows),))])

    assert values(kpis) == {("scope1", 2024): 100, ("scope1", 2023): 200}


def test_totals_by_both_methods_stay_apart(read):
    kpis = read(
        "^tCO2e\t2024\nTotal GHG emissions, location-based\t500\nTotal GHG emissions, market-based\t400"
    )

    assert {(k.kpi, k.method, k.value) for k in kpis} == {
        ("total_ghg", "location", 500),
        ("total_ghg", "market", 400),
    }


def test_a_table_that_goes_on_keeps_the_unit_of_its_header(read):
    first = "Emissions in 2024\n\n^Name\tTotal emissions (tCO2e)\nScope 1\t1,200"

    assert values(read(first, "Scope 3\t3,400\nOffsets\t0")) == {
        ("scope3", 2024): 3400,
        ("scope1", 2024): 1200,
    }
    assert values(read(first, "Text. And more of it.\n\nAnother line.\n\nScope 3\t3,400\nOffsets\t0")) == {
        ("scope1", 2024): 1200
    }
    assert values(read(first + "\n\nA last word.", "Scope 3\t3,400\nOffsets\t0")) == {("scope1", 2024): 1200}
