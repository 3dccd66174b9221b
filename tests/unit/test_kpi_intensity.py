"""Intensities of emissions: the unit with its denominator, the scopes, and what is none."""

import pytest

from esg.kpi import ratios, read_kpis
from esg.kpi.intensity import scopes


@pytest.fixture
def read(make_page, make_document):
    """Read the intensities of pages: (year, value, unit, scopes)."""

    def read_pages(*texts, year=2024):
        pages = [make_page(text, number) for number, text in enumerate(texts, 1)]
        kpis = read_kpis(make_document(year=year), pages)
        return [(k.fiscal_year, k.value, k.unit, k.boundary) for k in kpis if k.kpi == "ghg_intensity"]

    return read_pages


@pytest.mark.parametrize(
    ("text", "per", "factor"),
    [
        ("tCO2e per million euros of revenue in 2023", "million EUR revenue", 1),
        ("tCO2e/€m", "million EUR", 1),
        ("t/€1m of turnover", "million EUR turnover", 1),
        ("t CO2e per MSEK net sales", "million SEK sales", 1),
        ("MT CO2e/$1,000,000 revenue", "million $ revenue", 1),
        ("tCO2e / US$ million net sales", "million USD sales", 1),
        ("tCO2e per revenue (€ million)", "million EUR revenue", 1),
        ("thousand tonnes CO2e per EUR billion", "billion EUR", 1000),
        ("GHG intensity (tCO2e per full-time employee)", "full-time employee", 1),
        ("kg CO2e/m²", "m2", 0.001),
        ("kgCO2e per m2 gross lettable area", "m2", 0.001),
        ("g CO2/kWh", "kWh", 0.000001),
        ("kg CO2e per tonne of crude steel", "tonne of crude steel", 0.001),
        ("tCO2e per passenger-km", "passenger-km", 1),
        ("kgCO2e per passenger", "passenger", 0.001),
    ],
)
def test_a_unit_names_what_it_is_per(text, per, factor):
    ratio = ratios.find(text)

    assert (ratio.per, ratio.unit.factor) == (per, pytest.approx(factor))
    assert ratio.unit.text == text[ratio.unit.start : ratio.unit.end]


@pytest.mark.parametrize(
    "text",
    ["tCO2e", "tCO2e per year", "t CO2e per unit of account", "MWh per employee", "in thousands: tCO2e/€m"],
)
def test_what_is_no_unit_of_intensity(text):
    assert ratios.find(text) is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Scope 1 and 2 emissions intensity", "scope 1 and 2"),
        ("Scope 1 + Scope 2", "scope 1 and 2"),
        ("Scopes 1-3", "scope 1, 2 and 3"),
        ("Scope 1, 2 & 3", "scope 1, 2 and 3"),
        ("Scope 3 intensity", "scope 3"),
        ("Emissions intensity 2023", ""),
    ],
)
def test_scopes_that_a_text_names(text, named):
    assert scopes(text) == named


def test_a_row_names_it_with_its_unit(read):
    table = "^\t2024\t2023\nScope 1 and 2 emissions intensity (kgCO2e per m² floor area)\t25.75\t25.69"

    assert read(table) == [
        (2024, 0.02575, "tCO2e per m2", "scope 1 and 2"),
        (2023, 0.02569, "tCO2e per m2", "scope 1 and 2"),
    ]


def test_the_unit_may_have_its_own_column(read):
    table = "^\tUnit\t2024\nSpecific greenhouse gas emissions Scope 1 + Scope 2\tt/€ million\t1.28"

    assert read(table) == [(2024, 1.28, "tCO2e per million EUR", "scope 1 and 2")]


def test_the_unit_of_mass_and_the_denominator_may_stand_apart(read):
    table = (
        "^\tUnit\t2024\nGHG emissions per employee\ttCO2e\t2.1\nEmissions intensity by revenue\ttCO2e/€m\t8.4"
    )

    assert read(table) == [
        (2024, 2.1, "tCO2e per employee", ""),
        (2024, 8.4, "tCO2e per million EUR revenue", ""),
    ]


def test_the_section_may_name_what_the_rows_are(read):
    table = (
        "^\t2024\nGHG emissions intensity (Scope 1 and 2)\ntCO2e per employee\t2.1\ntCO2e per €m revenue\t8.4"
    )

    assert read(table) == [
        (2024, 2.1, "tCO2e per employee", "scope 1 and 2"),
        (2024, 8.4, "tCO2e per million EUR revenue", "scope 1 and 2"),
    ]


def test_several_intensities_are_no_contradiction(read, make_page, make_document):
    text = (
        "^\t2024\nScope 1 and 2 intensity (tCO2e per €m revenue)\t8.4\n"
        "Scope 1, 2 and 3 intensity (tCO2e per €m revenue)\t96.1"
    )

    assert [(value, named) for _, value, _, named in read(text)] == [
        (8.4, "scope 1 and 2"),
        (96.1, "scope 1, 2 and 3"),
    ]
    assert not any(k.flags for k in read_kpis(make_document(year=2024), [make_page(text)]))


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        (
            "Our GHG intensity was 18.4 tCO2e per million euros of revenue in 2024 (2023: 21.7).",
            {2024: 18.4, 2023: 21.7},
        ),
        (
            "The intensity of greenhouse gases fell to 1.28 tons of CO2e/€ million of sales due to sales "
            "(2023: 2.08 tons of CO2e/€ million of sales).",
            {2024: 1.28, 2023: 2.08},
        ),
        ("In 2024, we emitted 0.07 kg of CO2eq per euro of net sales.", {2024: 0.00007}),
        ("Scope 1 intensity was 0.4 tCO2e per employee in 2024.", {2024: 0.4}),
        (
            "Our emissions intensity fell from 21.7 tCO2e per FTE in 2023 to 18.4 tCO2e per FTE in 2024.",
            {2024: 18.4, 2023: 21.7},
        ),
    ],
)
def test_sentences(read, sentence, found):
    read_years = {year: value for year, value, _, _ in read(sentence)}

    assert read_years == found


@pytest.mark.parametrize(
    "text",
    [
        "We aim to reduce our emissions intensity to 12 tCO2e per €m revenue by 2030.",
        "The emissions intensity of our suppliers was 12 tCO2e per €m revenue in 2024.",
        "Scope 1 and Scope 2 emissions of ~60kg CO2-e/t.",
        "The carbon intensity of our lending portfolio was 45 kg CO2e/m² in 2024.",
        "The grid's carbon intensity was 320 g CO2/kWh in 2024.",
        "Our emissions intensity was 2 tCO2e per FTE in Germany and 3 tCO2e per FTE in 2024.",
        "Energy intensity was 0.25 kWh per employee in 2024.",
        "^\t2024\nEnergy intensity (MWh per employee)\t3.2",
        "^\t2024\tTarget 2030\nTarget for GHG intensity (tCO2e per FTE)\t3.2\t1.0",
        "^\t2024\nReduction of GHG intensity per FTE (%)\t3.2",
        "^\t2024\nGHG intensity of the steel division (tCO2e per FTE)\t3.2",
        "~ Financed emissions intensity\n\n^\t2024\ntCO2e per €m\t3.2",
    ],
)
def test_what_is_no_intensity_of_the_group(read, text):
    assert read(text) == []


def test_an_intensity_is_never_read_as_a_total(make_page, make_document):
    kpis = read_kpis(
        make_document(year=2024),
        [make_page("^\t2024\nTotal GHG emissions (tCO2e per FTE)\t3.2\nScope 1 (tCO2e)\t14")],
    )

    assert {k.kpi: k.value for k in kpis} == {"ghg_intensity": 3.2, "scope1": 14}


def test_a_contradiction_is_flagged_within_one_denominator(make_page, make_document):
    pages = [
        make_page("^\t2024\nGHG intensity (tCO2e per employee)\t2.1", 1),
        make_page("Our GHG intensity was 3.4 tCO2e per employee in 2024.", 2),
    ]
    kpis = read_kpis(make_document(year=2024), pages)

    assert [(k.value, k.flags) for k in kpis] == [(2.1, ("contradicted",))]
