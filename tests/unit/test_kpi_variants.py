"""Disclosure tables as companies print them: where years, units, methods and totals stand."""

import pytest

from esg.kpi import read_kpis

Values = dict[tuple[str, int], float]


@pytest.fixture
def read(make_page, make_document):
    def read_text(text: str) -> Values:
        kpis = read_kpis(make_document(year=2024), [make_page(text)])
        return {(k.kpi, k.fiscal_year): k.value for k in kpis if not k.kpi.startswith("scope3_cat")}

    return read_text


def years(**values: tuple[float, ...]) -> Values:
    """Name the values of 2024 and, where there is a second one, of 2023."""
    return {(key, 2024 - at): value for key, pair in values.items() for at, value in enumerate(pair)}


PERIODS = {
    "prior year on the left": ("^tCO2-e\tFY23\tFY24\nScope 1\t100\t90", years(scope1=(90, 100))),
    "fiscal years over two years": (
        "^\tUnits\t2023/24\t2022/23\nScope 1\tt CO2-e\t10\t11",
        years(scope1=(10, 11)),
    ),
    "year ended": (
        "^\tYear ended 30 June 2024\tYear ended 30 June 2023\nScope 1 (tCO2e)\t10\t11",
        years(scope1=(10, 11)),
    ),
    "base year, change and target beside": (
        "^\tBaseline FY20\tFY23\tFY24\tFY24 vs FY23\tTarget FY30\nScope 1 (tCO2e)\t99\t20\t18\t-10%\t5",
        years(scope1=(18, 20)),
    ),
    "actual and target of one year": (
        "^Metric\tFY24 target\tFY24 actual\tFY23 actual\nLTIFR\t1.0\t0.9\t1.2",
        years(ltifr=(0.9, 1.2)),
    ),
    "restated beside reported": (
        "^tCO2e\t2024\t2023 (restated)\t2023 (as reported)\nScope 1\t10\t11\t12",
        years(scope1=(10, 11)),
    ),
    "a second header row": (
        "^kt CO2e\t\t\tGroup\tof which Holding\nAs of Dec. 31\t2022\t2023\t2024\t2024\nScope 1\t5\t6\t7\t1",
        years(scope1=(7000, 6000)),
    ),
    "a header row between rows": (
        "^\t2024\t2023\nScope 1 (tCO2e)\t10\t11\nPeople\t2023\t2024\nEmployees\t500\t600",
        years(scope1=(10, 11), employees=(600, 500)),
    ),
    "base years are no header": (
        "^\tScope 1 (tCO2e)\tScope 2 (tCO2e)\nBase year\t2019\t2020\n2024\t10\t20",
        years(scope1=(10,), scope2_unspecified=(20,)),
    ),
    "footnote marks": ("^tCO2e\t2024¹\t2023²\nScope 1³\t1,234⁴\t1,300", years(scope1=(1234, 1300))),
}

UNITS = {
    "own column": (
        "^\tUnit\t2024\t2023\nScope 1, 2 & 3\tktCO2e\t99.1\t98.2\nEnergy use\tGWh\t12\t13\n"
        "Water withdrawal\tML\t5\t6\n"
        "Total waste generated\t000 tonnes\t1.5\t2.5",
        years(
            total_ghg=(99100, 98200),
            energy_consumption=(12000, 13000),
            water_withdrawal=(5000, 6000),
            waste_total=(1500, 2500),
        ),
    ),
    "large ones": (
        "^\tUnits\tFY24\nEnergy consumption – total\tPJ\t3.6\nWater withdrawal – total\tGL\t12\n"
        "Scope 1\tMt CO2-e\t0.5\nTotal waste\tkt\t5",
        years(energy_consumption=(1e6,), water_withdrawal=(1.2e7,), scope1=(5e5,), waste_total=(5000,)),
    ),
    "title": ("~ Emissions ('000 tonnes CO2e)\n\n^\tFY24\nScope 1\t1.5", years(scope1=(1500,))),
    "a sentence over the table": (
        "All figures are in tonnes CO2e.\n\n^\t2024\nScope 1\t60",
        years(scope1=(60,)),
    ),
    "a scale apart from its unit is not guessed": ("^\tFY24\nScope 1 emissions (tCO2e) 000s\t1.5", {}),
    "a column of percentages": (
        "^\tEmissions 2024\tPercentage 2024\nScope 1 (tCO2e)\t7\t100",
        years(scope1=(7,)),
    ),
    "metric tons in capitals": ("^\t2024\nScope 1 (MT CO2e)\t15", years(scope1=(15,))),
    "litres": ("^Water use in kilolitres\t2024\nTotal water use\t1,000", years(water_withdrawal=(1000,))),
}

SCOPES = {
    "ESRS": (
        "^E1-6\tUnit\t2024\nGross Scope 1 GHG emissions\ttCO2eq\t1,000\n"
        "Gross location-based Scope 2 GHG emissions\ttCO2eq\t500\n"
        "Gross market-based Scope 2 GHG emissions\ttCO2eq\t400\n"
        "Total gross indirect (Scope 3) GHG emissions\ttCO2eq\t10,000",
        years(scope1=(1000,), scope2_location=(500,), scope2_market=(400,), scope3=(10000,)),
    ),
    "GRI": (
        "^GRI\tDisclosure\tUnit\t2024\nGRI 302-1\tEnergy consumption within the organization\tGJ\t7,200\n"
        "GRI 305-1\tDirect (Scope 1) GHG emissions\tt CO2e\t110\n"
        "GRI 305-2\tEnergy indirect (Scope 2) GHG emissions\tt CO2e\t210\nGRI 306-3\tWaste generated\tt\t6",
        years(energy_consumption=(2000,), scope1=(110,), scope2_unspecified=(210,), waste_total=(6,)),
    ),
    "Roman numbers": (
        "^tCO2e\t2024\nDirect (Scope I)\t7\nIndirect (Scope II)\t8",
        years(scope1=(7,), scope2_unspecified=(8,)),
    ),
    "methods below their scope": (
        "^tCO2e\t2024\nScope 2\nLocation-based\t5\nMarket-based\t3",
        years(scope2_location=(5,), scope2_market=(3,)),
    ),
    "methods in short": (
        "^tCO2e\t2024\nScope 2 (LB)\t5\nScope 2 (MB)\t3",
        years(scope2_location=(5,), scope2_market=(3,)),
    ),
    "the method in a footnote": (
        "^tCO2e\t2024\nScope 2²\t5\n\n* ² By the market-based method. The location-based method gives more.",
        years(scope2_market=(5,)),
    ),
    "a total of all scopes": (
        "^tCO2e\t2024\nScope 1\t10\nScope 2\t20\nScope 3\t30\nTotal\t60",
        years(scope1=(10,), scope2_unspecified=(20,), scope3=(30,), total_ghg=(60,)),
    ),
    "a total that is not of these scopes": (
        "^tCO2e\t2024\nScope 1\t10\nScope 2\t20\nScope 3\t30\nTotal\t75",
        years(scope1=(10,), scope2_unspecified=(20,), scope3=(30,)),
    ),
    "a total below the last scope is not that scope's": (
        "^tCO2e\t2024\nScope 1\nFuel\t10\nScope 2\nPower\t20\nScope 3\nTravel\t30\nTotal\t60",
        {},
    ),
    "a total below each scope": (
        "^tCO2e\t2024\nScope 1\nFuel\t10\nTotal\t10\nScope 2\nPower\t20\nTotal\t20\n"
        "Scope 3\nTravel\t30\nTotal\t30",
        years(scope1=(10,), scope2_unspecified=(20,), scope3=(30,)),
    ),
    "turned round with a total": (
        "^tCO2e\tScope 1\tScope 2\tScope 3\tTotal\n2024\t1\t2\t3\t6\n2023\t2\t3\t4\t9",
        years(scope1=(1, 2), scope2_unspecified=(2, 3), scope3=(3, 4), total_ghg=(6, 9)),
    ),
    "countries beside the group": (
        "^tCO2e\t2024\t2024\t2024\n^\tAustralia\tJapan\tGlobal\nScope 1\t1\t2\t3",
        years(scope1=(3,)),
    ),
}

PEOPLE = {
    "women by level": (
        "^People\t2024\nWomen in senior leadership\t29%\nWomen in leadership\t39%\n"
        "Women on the Board of Directors\t50%",
        years(women_in_management_share=(39,), board_women_share=(50,)),
    ),
    "levels in a table of women": (
        "^Gender diversity (% female)\t2024\nSupervisory Board\t29%\nManagement\t39%\nAll employees\t50%",
        years(board_women_share=(29,), women_in_management_share=(39,)),
    ),
    "heads before full-time equivalents": (
        "^\t31 Dec 2024\nEmployees (headcount)\t1,234\nFull-time equivalents (FTE)\t1,100.5",
        years(employees=(1234,)),
    ),
    "heads by region": (
        "^Headcount by region\t2024\nEurope\t1,000\nAsia\t234\nTotal\t1,234",
        years(employees=(1234,)),
    ),
    "rates on a million hours first": (
        "^\t2024\nTRIFR\t3.3\nTotal recordable incident rate (per 200,000 hours)\t0.66",
        years(trir=(3.3,)),
    ),
    "withdrawal before consumption": (
        "^Water (m3)\t2024\nTotal water withdrawal\t1,000\nTotal water consumption\t300",
        years(water_withdrawal=(1000,)),
    ),
}

LANGUAGES = {
    "German": (
        "^Kennzahl\tEinheit\t2024\t2023\nScope-1-Emissionen\tt CO2e\t1.100,5\t1.200,5\n"
        "Gesamtenergieverbrauch\tMWh\t100\t120\nAnzahl der Mitarbeitenden\t\t50\t40\n"
        "Frauen in Führungspositionen\t%\t30\t29",
        years(
            scope1=(1100.5, 1200.5),
            energy_consumption=(100, 120),
            employees=(50, 40),
            women_in_management_share=(30, 29),
        ),
    ),
    "Italian": (
        "^Indicatore\tUnità\t2024\t2023\nEmissioni dirette (Scope 1)\ttCO2e\t100\t110\n"
        "Consumo totale di energia\tGJ\t36\t72\nNumero di dipendenti\t\t50\t40\n"
        "Prelievo idrico\tm3\t30\t29",
        years(scope1=(100, 110), energy_consumption=(10, 20), employees=(50, 40), water_withdrawal=(30, 29)),
    ),
    "Indonesian": (
        "~ Emisi 2024 (tCO2e)\n\nTotal Emisi Langsung (Scope 1)\t6.032,5\n"
        "Total Emisi GRK (Scope 1 and 2)\t9.032,5",
        years(scope1=(6032.5,), scope1_2=(9032.5,)),
    ),
}

CASES = {**PERIODS, **UNITS, **SCOPES, **PEOPLE, **LANGUAGES}


@pytest.mark.parametrize("name", CASES)
def test_a_table_is_read_as_it_is_meant(read, name):
    text, values = CASES[name]

    assert read(text) == pytest.approx(values)


def test_a_rate_says_what_it_is_counted_on(make_page, make_document):
    page = make_page("^\t2024\nLTIFR (per 200,000 hours)\t0.24")
    (kpi,) = read_kpis(make_document(year=2024), [page])

    assert (kpi.value, kpi.unit) == (0.24, "per 200,000 hours")


def test_a_chart_beside_a_table_does_not_say_how_the_table_writes_figures(make_page, make_document):
    text = (
        "We spent 1,234.5 here, 12.5 there and 99.5 elsewhere.\n\n"
        "^t CO2e\t2024\t2023\t\nScope 1\t7,628\t7,339\nAxis\t\t\t2,00\nAxis\t\t\t1,80"
    )
    kpis = read_kpis(make_document(year=2024), [make_page(text)])

    assert [k.value for k in kpis] == [7628, 7339]


def test_a_table_without_a_year_is_of_the_document_s_and_says_so(make_page, make_document):
    page = make_page("^Emissions\ttCO2e\nScope 1\t100")
    (kpi,) = read_kpis(make_document(year=2024), [page])

    assert (kpi.value, kpi.fiscal_year, kpi.flags) == (100, 2024, ("period_assumed",))


def test_a_year_is_not_assumed_for_one_of_two_columns(read):
    assert read("^Emissions\tBefore (tCO2e)\tAfter (tCO2e)\nScope 1\t100\t90") == {}


def test_a_separator_that_can_be_two_things_is_not_guessed(read):
    assert read("^tCO2e\t2024\nScope 1\t6.032") == {}
