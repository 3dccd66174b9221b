"""A figure as somebody wrote it down → the KPI's own unit and fiscal year, by the rules that read reports."""

from esg.kpi import lexicon, periods, units
from esg.kpi.figure import in_unit


def in_kpi_unit(kpi: str, value: float, unit: str) -> float:
    """Scale a value to the KPI's unit (tCO2e, MWh, m3, t, %, people); an unknown unit scales nothing."""
    entry = next((e for e in lexicon.entries() if kpi == e.key or kpi.startswith(f"{e.key}_")), None)
    found = entry and units.find(unit, entry.dimension)
    return in_unit(value, found.factor) if found else value


def year_of(text: str) -> int | None:
    """The fiscal year that is meant: "FY23" is 2023, "2022/23" is 2023."""
    found = periods.find(text)
    return found[-1].year if found else None
