"""pages → figures as a careless reader takes them: the first number behind the first mention of a name."""

import re
from collections.abc import Iterator, Sequence

from esg.domain import Page
from esg.evaluate.kpis import Figure
from esg.kpi import in_kpi_unit

REACH = 120  # characters behind the name
_NAMES = {
    "scope1": "scope 1",
    "scope2_unspecified": "scope 2",
    "scope2_market": "market-based",
    "scope2_location": "location-based",
    "scope3": "scope 3",
    "total_ghg": "total emissions|total ghg",
    "energy_consumption": "energy consumption",
    "renewable_electricity_share": "renewable (?:electricity|energy)",
    "water_withdrawal": "water (?:withdrawal|consumption)",
    "waste_total": "total waste|waste generated",
    "employees": "employees",
    "women_in_management_share": "women in (?:management|leadership)",
    "board_women_share": "women on the board|female directors",
    "ltifr": "ltifr|lost[- ]time injury",
    "trir": "trir|trifr|recordable injury",
}
_NUMBER = re.compile(r"(?<![\w.,])(?!(?:19|20)\d\d\b)(\d[\d., ]*)\s?([^\W\d][\w₂-]{0,8}|%)?")


def read_naively(pages: Sequence[Page], *, year: int | None) -> Iterator[Figure]:
    """Give one figure for each name that occurs, as one of `year`."""
    for kpi, name in _NAMES.items():
        found = next((f for page in pages if (f := _first(page, kpi, name, year))), None)
        if found is not None:
            yield found


def _first(page: Page, kpi: str, name: str, year: int | None) -> Figure | None:
    mention = re.search(rf"\b(?:{name})\b", page.text, re.IGNORECASE)
    number = mention and _NUMBER.search(page.text, mention.end(), mention.end() + REACH)
    if not mention or not number:
        return None
    value = _value(number[1])
    if value is None:
        return None
    quote = page.text[mention.start() : number.end()]
    return Figure(kpi, year, in_kpi_unit(kpi, value, number[2] or ""), page.number, quote, number[0])


def _value(text: str) -> float | None:
    """Take commas and blanks for thousands, a point for the decimals."""
    try:
        return float(re.sub(r"[, ]", "", text).rstrip("."))
    except ValueError:
        return None
