"""Number traps on drawn pages (FACTS): from the bytes of a PDF to its figures, each trap by itself."""

import pytest

from esg.domain import Kpi
from esg.extract import ParseLimits, extract
from esg.fetch import from_bytes
from esg.kpi import read_kpis
from esg.pipeline import describe
from tests.golden.traps.sheet import Sheet

LIMITS = ParseLimits(max_pages=5, timeout_seconds=60, memory_bytes=2**31)
PROSE = (
    "This page reports the greenhouse gas emissions of the group for the year and the year before it,",
    "together with the methods by which they were measured and what has changed since the last report.",
)
Values = dict[tuple[str, int | None], float]


def figures(data: bytes, *, year: int = 2023) -> list[Kpi]:
    fetched = from_bytes(data, name="report.pdf")
    extraction = extract(fetched, limits=LIMITS)
    document = describe(fetched, extraction, company="Acme plc", year=year)
    kpis = read_kpis(document, extraction.pages)
    for kpi in kpis:
        page = extraction.pages[kpi.page - 1]
        assert page.text[kpi.start : kpi.end] == kpi.quote
        assert kpi.raw_value in kpi.quote
        assert kpi.boxes
    return kpis


def values(data: bytes, **options: int) -> Values:
    return {(k.kpi, k.fiscal_year): k.value for k in figures(data, **options)}


def sheet(title: str, **options: bool) -> Sheet:
    page = Sheet(**options).line(title, size=14, bold=True)
    for line in PROSE:
        page.line(line)
    return page


THREE = (60.0, 340.0, 420.0)


@pytest.mark.parametrize("rules", ["none", "rows", "grid"])
def test_a_table_with_rules_or_without(rules: str) -> None:
    page = sheet("Emissions").table(
        [["tCO2e", "2023", "2022"], ["Scope 1", "12,480", "13,120"], ["Scope 3", "98,400", "101,300"]],
        columns=THREE,
        rules=rules,
    )
    assert values(page.data()) == {
        ("scope1", 2023): 12_480,
        ("scope1", 2022): 13_120,
        ("scope3", 2023): 98_400,
        ("scope3", 2022): 101_300,
    }


def test_a_column_of_units_parts_no_label_from_its_figures() -> None:
    page = sheet("Key figures").table(
        [
            ["Indicator", "Unit", "2023", "2022"],
            ["Total energy consumption", "MWh", "201,000", "202,300"],
            ["Total waste", "t", "4,010", "4,205"],
        ],
        columns=(60.0, 380.0, 440.0, 500.0),
        rules="none",
    )
    assert values(page.data()) == {
        ("energy_consumption", 2023): 201_000,
        ("energy_consumption", 2022): 202_300,
        ("waste_total", 2023): 4_010,
        ("waste_total", 2022): 4_205,
    }


def test_rows_may_be_called_by_their_year() -> None:
    page = sheet("Emissions").table(
        [
            ["Year", "Scope 1 (tCO2e)", "Scope 3 (tCO2e)"],
            ["2022", "13,120", "101,300"],
            ["2023", "12,480", "98,400"],
        ],
        columns=(60.0, 300.0, 440.0),
        rules="none",
    )
    assert values(page.data()) == {
        ("scope1", 2023): 12_480,
        ("scope1", 2022): 13_120,
        ("scope3", 2023): 98_400,
        ("scope3", 2022): 101_300,
    }


def test_the_year_before_may_stand_first() -> None:
    page = sheet("Emissions").table(
        [["tCO2e", "2022", "2023"], ["Scope 1", "13,120", "12,480"]], columns=THREE
    )
    assert values(page.data()) == {("scope1", 2023): 12_480, ("scope1", 2022): 13_120}


def test_four_years_are_four_columns() -> None:
    page = sheet("Emissions").table(
        [
            ["tCO2e", "2020", "2021", "2022", "2023"],
            ["Scope 1", "15,010", "14,200", "13,120", "12,480"],
        ],
        columns=(60.0, 280.0, 350.0, 420.0, 490.0),
    )
    found = values(page.data())
    assert found["scope1", 2023] == 12_480
    assert found["scope1", 2022] == 13_120


def test_a_header_over_both_years_gives_the_unit() -> None:
    page = (
        sheet("Emissions")
        .line("Thousand tonnes CO2e", x=380, bold=True)
        .table([["", "2023", "2022"], ["Scope 1", "12.48", "13.12"]], columns=(60.0, 400.0, 480.0))
    )
    assert values(page.data()) == {("scope1", 2023): 12_480, ("scope1", 2022): 13_120}


def test_the_unit_may_be_said_in_the_caption() -> None:
    page = (
        sheet("Emissions")
        .line("Greenhouse gas emissions, in kt CO2e", bold=True)
        .table([["", "2023", "2022"], ["Scope 1", "12.5", "13.1"]], columns=THREE)
    )
    assert values(page.data()) == {("scope1", 2023): 12_500, ("scope1", 2022): 13_100}


def test_a_column_of_units_counts_for_each_row() -> None:
    page = sheet("Key figures").table(
        [
            ["Indicator", "Unit", "2023", "2022"],
            ["Scope 1", "kt CO2e", "12.5", "13.1"],
            ["Energy consumption", "GWh", "184.2", "190.7"],
            ["Employees", "headcount", "4,120", "3,980"],
        ],
        columns=(60.0, 300.0, 380.0, 450.0),
    )
    found = values(page.data())
    assert found["scope1", 2023] == 12_500
    assert found["energy_consumption", 2023] == 184_200
    assert found["employees", 2022] == 3_980


def test_a_raised_mark_is_no_digit() -> None:
    page = sheet("Emissions").table(
        [
            ["tCO2e", ("2023", "1"), "2022"],
            [("Scope 1", "2"), ("12,480", "3"), "13,120"],
            [("Scope 3", "4"), "98,400", ("101,300", "5")],
        ],
        columns=THREE,
    )
    found = values(page.data())
    assert found["scope1", 2023] == 12_480
    assert found["scope3", 2022] == 101_300
    assert not any(value > 1_000_000 for value in found.values())


def test_a_label_may_take_two_lines() -> None:
    page = sheet("Emissions").table(
        [
            ["tCO2e", "2023", "2022"],
            ["Scope 1", "12,480", "13,120"],
            ["Scope 2 emissions from purchased", "", ""],
            ["electricity (market-based)", "4,020", "4,410"],
        ],
        columns=THREE,
    )
    found = values(page.data())
    assert found["scope1", 2023] == 12_480
    assert found.get(("scope2_market", 2023), 4_020) == 4_020
    assert ("scope2_unspecified", 2023) not in found


def test_methods_under_a_common_label_stay_apart() -> None:
    page = sheet("Emissions").table(
        [
            ["tCO2e", "2023", "2022"],
            ["Scope 2", "", ""],
            ["   location-based", "31,400", "32,900"],
            ["   market-based", "4,020", "4,410"],
        ],
        columns=THREE,
    )
    assert values(page.data()) == {
        ("scope2_location", 2023): 31_400,
        ("scope2_location", 2022): 32_900,
        ("scope2_market", 2023): 4_020,
        ("scope2_market", 2022): 4_410,
    }


def test_a_combined_figure_is_never_split() -> None:
    page = sheet("Emissions").table(
        [["tCO2e", "2023", "2022"], ["Scope 1 and 2 (market-based)", "16,500", "17,530"]], columns=THREE
    )
    assert values(page.data()) == {("scope1_2", 2023): 16_500, ("scope1_2", 2022): 17_530}


def test_a_page_that_is_turned_reads_the_same() -> None:
    page = sheet("Emissions", rotated=True).table(
        [["tCO2e", "2023", "2022"], ["Scope 1", "12,480", "13,120"]], columns=(60.0, 440.0, 620.0)
    )
    assert values(page.data()) == {("scope1", 2023): 12_480, ("scope1", 2022): 13_120}


def test_blanks_and_points_may_part_thousands() -> None:
    page = sheet("Emissions").table(
        [
            ["tCO2e", "2023", "2022"],
            ["Scope 1", "1\u00a0170\u00a0000", "1\u00a0204\u00a0500"],
            ["Scope 3", "98\u00a0400\u00a0000", "99\u00a0100\u00a0000"],
        ],
        columns=THREE,
    )
    assert values(page.data())["scope1", 2023] == 1_170_000

    page = sheet("Emissionen").table(
        [
            ["in t CO2e", "2023", "2022"],
            ["Scope 1", "1.170.000,5", "1.204.500,0"],
            ["Scope 3", "98.400.000,0", "99.100.000,0"],
        ],
        columns=THREE,
    )
    assert values(page.data())["scope1", 2023] == 1_170_000.5


def test_a_change_in_per_cent_is_no_figure() -> None:
    page = sheet("Emissions").table(
        [["tCO2e", "2023", "2022", "Change"], ["Scope 1", "12,480", "13,120", "-4.9%"]],
        columns=(60.0, 300.0, 380.0, 460.0),
    )
    assert values(page.data()) == {("scope1", 2023): 12_480, ("scope1", 2022): 13_120}


def test_intensities_are_no_totals() -> None:
    page = sheet("Emissions").table(
        [
            ["", "2023", "2022"],
            ["Scope 1 (tCO2e)", "12,480", "13,120"],
            ["Scope 1 intensity (tCO2e per EUR million revenue)", "31.4", "35.2"],
        ],
        columns=(60.0, 380.0, 460.0),
    )
    read = {(k.kpi, k.fiscal_year, k.unit, k.boundary): k.value for k in figures(page.data())}
    per_revenue = ("tCO2e per million EUR revenue", "scope 1")
    assert read == {
        ("scope1", 2023, "tCO2e", ""): 12_480,
        ("scope1", 2022, "tCO2e", ""): 13_120,
        ("ghg_intensity", 2023, *per_revenue): 31.4,
        ("ghg_intensity", 2022, *per_revenue): 35.2,
    }


def test_a_fiscal_year_is_that_in_which_it_ends() -> None:
    page = sheet("Emissions").table(
        [["tCO2e", "2022/23", "2021/22"], ["Scope 1", "12,480", "13,120"]], columns=THREE
    )
    assert values(page.data()) == {("scope1", 2023): 12_480, ("scope1", 2022): 13_120}


def test_restated_figures_say_so() -> None:
    page = sheet("Emissions").table(
        [["tCO2e", "2023", "2022 restated"], ["Scope 1", "12,480", "13,120"]], columns=(60.0, 340.0, 450.0)
    )
    marks = {k.fiscal_year: k.restated for k in figures(page.data())}
    assert marks == {2023: False, 2022: True}


def test_a_target_beside_the_figures_is_no_figure() -> None:
    page = sheet("Emissions").table(
        [["tCO2e", "2023", "2022", "Target 2030"], ["Scope 1", "12,480", "13,120", "6,000"]],
        columns=(60.0, 300.0, 380.0, 470.0),
    )
    assert values(page.data()) == {("scope1", 2023): 12_480, ("scope1", 2022): 13_120}


def test_a_chart_is_read_by_its_labels_or_not_at_all() -> None:
    """Bars with a value above and a year below: right, or silent; never one bar under another's year."""
    page = sheet("Emissions").line("Scope 1 emissions (tCO2e)", bold=True)
    for number, (year, value) in enumerate([("2021", "14,200"), ("2022", "13,120"), ("2023", "12,480")]):
        page.bar(80 + 70 * number, 500, 100 - 8 * number, value=value, year=year)
    found = values(page.data())
    assert found.get(("scope1", 2023), 12_480) == 12_480
    assert found.get(("scope1", 2022), 13_120) == 13_120


def test_units_of_mass_and_energy_are_normalised() -> None:
    page = sheet("Key figures").table(
        [
            ["Indicator", "Unit", "2023"],
            ["Energy consumption", "TJ", "1,342"],
            ["Water withdrawal", "ML", "78.5"],
            ["Total waste", "kg", "3,244,564"],
        ],
        columns=(60.0, 320.0, 420.0),
    )
    found = values(page.data())
    assert found["energy_consumption", 2023] == pytest.approx(372_777.78, rel=1e-4)
    assert found["water_withdrawal", 2023] == 78_500
    assert found["waste_total", 2023] == pytest.approx(3_244.564)


def test_a_table_as_the_esrs_prescribe_it() -> None:
    """Base year and milestones stand beside the year; only the year and the one before are its figures."""
    page = sheet("E1-6 Gross Scopes 1, 2, 3 and total GHG emissions").table(
        [
            ["", "Base year 2019", "2022", "2023", "% N / N-1", "2030"],
            ["Gross Scope 1 GHG emissions (tCO2eq)", "15,900", "13,120", "12,480", "-5", "8,000"],
            ["Gross location-based Scope 2 GHG emissions (tCO2eq)", "36,000", "32,900", "31,400", "-5", ""],
            ["Gross market-based Scope 2 GHG emissions (tCO2eq)", "9,800", "4,410", "4,020", "-9", "0"],
        ],
        columns=(40.0, 350.0, 395.0, 440.0, 500.0, 550.0),
    )
    found = values(page.data())
    assert found["scope1", 2023] == 12_480
    assert found["scope1", 2022] == 13_120
    assert found["scope2_location", 2023] == 31_400
    assert found["scope2_market", 2023] == 4_020
    assert {year for _, year in found} <= {2022, 2023}


def test_what_a_total_is_made_of_is_not_the_total() -> None:
    page = sheet("Emissions").table(
        [
            ["tCO2e", "2023", "2022"],
            ["Scope 1", "12,480", "13,120"],
            ["   of which Scope 1 in Germany", "5,100", "5,400"],
            ["   of which Scope 1 from vehicles", "2,300", "2,350"],
        ],
        columns=THREE,
    )
    assert values(page.data()) == {("scope1", 2023): 12_480, ("scope1", 2022): 13_120}


def test_the_group_is_not_its_parent_company() -> None:
    page = sheet("Emissions").table(
        [["tCO2e, 2023", "Group", "Acme Germany"], ["Scope 1", "12,480", "5,100"]],
        columns=(60.0, 340.0, 460.0),
    )
    assert values(page.data()).get(("scope1", 2023), 12_480) == 12_480


def test_a_note_below_the_table_may_give_the_scale() -> None:
    """A figure whose scale is said elsewhere is read with it or left out, never too small by a thousand."""
    page = (
        sheet("Emissions")
        .table([["", "2023", "2022"], [("Scope 1 (tCO2e)", "1"), "12.48", "13.12"]], columns=THREE)
        .line("1 All emissions are in thousand tonnes.", size=7)
    )
    assert values(page.data()).get(("scope1", 2023), 12_480) == 12_480


def test_a_note_gives_the_unit_that_the_table_does_not() -> None:
    page = (
        sheet("Emissions")
        .table([["", "2023", "2022"], ["Scope 1", "12.48", "13.12"]], columns=THREE)
        .line("All figures are stated in thousand tonnes of CO2e.", size=7)
    )
    assert values(page.data()) == {("scope1", 2023): 12_480, ("scope1", 2022): 13_120}


def test_missing_cells_move_nothing() -> None:
    page = sheet("Emissions").table(
        [
            ["tCO2e", "2023", "2022", "2021"],
            ["Scope 1", "12,480", "13,120", "14,200"],
            ["Scope 3", "98,400", "n/a", "n/a"],
            ["Scope 2 (market-based)", "–", "4,410", "4,600"],
        ],
        columns=(60.0, 320.0, 400.0, 480.0),
    )
    found = values(page.data())
    assert found["scope3", 2023] == 98_400
    assert ("scope3", 2022) not in found
    assert ("scope2_market", 2023) not in found
    assert found["scope2_market", 2022] == 4_410


def test_apostrophes_may_part_thousands() -> None:
    page = sheet("Emissions").table(
        [["t CO2e", "2023", "2022"], ["Scope 1", "1'212'480", "1'313'120"], ["Scope 3", "98'400", "99'100"]],
        columns=THREE,
    )
    found = values(page.data())
    assert found["scope1", 2023] == 1_212_480
    assert found["scope3", 2022] == 99_100


def test_shares_and_rates_of_people() -> None:
    page = sheet("Our people").table(
        [
            ["", "FY23", "FY22"],
            ["Employees (headcount)", "4,120", "3,980"],
            ["Women in management (%)", "31.4", "29.8"],
            ["Women on the Supervisory Board", "40%", "33%"],
            ["LTIFR (per million hours worked)", "1.44", "2.75"],
        ],
        columns=THREE,
    )
    found = values(page.data())
    assert found["employees", 2023] == 4_120
    assert found["women_in_management_share", 2022] == 29.8
    assert found["ltifr", 2023] == 1.44


def test_a_table_beside_a_column_of_text() -> None:
    page = Sheet().line("Climate", size=14, bold=True)
    top = page.y
    for number in range(14):
        page.line(f"The sites reported their fuel use, part {number}.", x=40)
    page.y = top
    page.table(
        [["tCO2e", "2023", "2022"], ["Scope 1", "12,480", "13,120"], ["Scope 3", "98,400", "101,300"]],
        columns=(320.0, 480.0, 550.0),
        rules="grid",
    )
    found = values(page.data())
    assert found["scope1", 2023] == 12_480
    assert found["scope3", 2022] == 101_300


def test_a_sentence_says_which_year_and_unit() -> None:
    page = (
        sheet("Climate")
        .line("In 2023, our Scope 1 emissions were 12.5 kilotonnes of CO2e (2022: 13.1 kilotonnes).")
        .line("Suppliers' Scope 1 emissions were 98 million tonnes, of which we know little.")
        .line("By 2030 we will cut Scope 1 emissions to 6,000 tCO2e.")
    )
    found = values(page.data())
    assert found.get(("scope1", 2023)) == 12_500
    assert found.get(("scope1", 2022), 13_100) == 13_100
