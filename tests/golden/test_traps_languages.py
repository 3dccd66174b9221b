"""Number traps on drawn pages in other languages: from the bytes of a PDF to its figures."""

import pytest

from esg.extract import ParseLimits, extract
from esg.fetch import from_bytes
from esg.kpi import read_kpis
from esg.pipeline import describe
from tests.golden.traps.sheet import Sheet

LIMITS = ParseLimits(max_pages=5, timeout_seconds=60, memory_bytes=2**31)
COLUMNS = (60.0, 340.0, 420.0)
PAGES = {
    "de": (
        "Diese Seite zeigt die Emissionen der Gruppe für das Jahr und das Vorjahr, mit den Methoden",
        [
            ["in Tsd. t CO2e", "GJ 2023", "GJ 2022"],
            ["Direkte Emissionen (Scope 1)", "12,48", "13,12"],
            ["Scope 2 (marktbasiert)", "1.204,5", "1.310,2"],
            ["Scope 2 (standortbasiert)", "2.204,5", "2.310,2"],
        ],
    ),
    "sv": (
        "Den här sidan visar koncernens utsläpp för året och det föregående året",
        [
            ["tusen ton CO2e", "Räkenskapsåret 2023", "2022"],
            ["Direkta utsläpp (scope 1)", "12,48", "13,12"],
            ["Scope 2 (marknadsbaserad)", "1 204,5", "1 310,2"],
            ["Scope 2 (platsbaserad)", "2 204,5", "2 310,2"],
        ],
    ),
    "fr": (
        "Cette page présente les émissions du groupe pour l'exercice et pour le précédent",
        [
            ["milliers de tonnes de CO2", "2023", "2022"],
            ["Émissions directes (scope 1)", "12,48", "13,12"],
            ["Scope 2 (market-based)", "1 204,5", "1 310,2"],
            ["Scope 2 (location-based)", "2 204,5", "2 310,2"],
        ],
    ),
    "es": (
        "Esta página presenta las emisiones del grupo para el ejercicio y el anterior",
        [
            ["miles de toneladas de CO2", "2023", "2022"],
            ["Emisiones directas (alcance 1)", "12,48", "13,12"],
            ["Alcance 2 basado en el mercado", "1.204,5", "1.310,2"],
            ["Alcance 2 basado en la ubicación", "2.204,5", "2.310,2"],
        ],
    ),
}
FIGURES = {
    ("scope1", 2023): 12_480,
    ("scope1", 2022): 13_120,
    ("scope2_market", 2023): 1_204_500,
    ("scope2_market", 2022): 1_310_200,
    ("scope2_location", 2023): 2_204_500,
    ("scope2_location", 2022): 2_310_200,
}


@pytest.mark.parametrize("language", PAGES)
def test_a_drawn_table(language: str) -> None:
    prose, rows = PAGES[language]
    page = Sheet()
    for line in (prose, prose):
        page.line(line)
    fetched = from_bytes(page.table(rows, columns=COLUMNS).data(), name="report.pdf")

    extraction = extract(fetched, limits=LIMITS)
    document = describe(fetched, extraction, company="Acme plc", year=2023)
    kpis = read_kpis(document, extraction.pages)

    assert extraction.language == language
    assert {(k.kpi, k.fiscal_year): k.value for k in kpis} == FIGURES
    for kpi in kpis:
        assert kpi.raw_value in kpi.quote
        assert extraction.pages[0].text[kpi.start : kpi.end] == kpi.quote
        assert kpi.boxes
