"""The text of a table cell → what kind of cell it is: a figure, a period, a sign for nothing, or words."""

import re
from enum import Enum, auto

_MARKS = r"[\s⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾ᵃᵇᶜᵈᵉᶠᴬ-ᵂ*†‡#✓,]*"
_MONEY = r"(?:US|A|C|NZ|HK|NT|S)?[$€£¥₹]|EUR|USD|GBP|CHF|Rp"
_NUMBER = r"\(?[-–−+±]?\s?\d(?:[\d.,'’\u00a0\u202f]|(?<!,)\s(?=\d))*\)?"
_SCALE = (
    r"k|m|mn|mio\.?|mil\.?|bn|b|thousand|millions?|milliards?|billion|tausend|tsd\.?|mrd\.?|millionen|mila"
)
_MEASURE = (
    r"(?:[kmg]?t|tons?|tonnes?|mt|kg|g|lbs?)(?:[\s-]?CO[2₂²]?(?:[-\s]?(?:e|eq|equiv)\.?)?)?|CO[2₂²](?:[-\s]?eq?)?"
    r"|[kmgtp]?wh?p?|[kmgtp]j|toe|m[23²³]?|km[2²]?|ha|sqm|l|ml|hl|litres?|liters?|cm|mm|acres?"
    r"|%|‰|pp|pts?|percent|per cent|[$€£¥]|°C|x|years?|yrs?|hours?|hrs?|h|days?|months?|minutes?|min"
    r"|people|persons|employees|fte|heads?|ftes|times|units?|cases?|sites?|人|噸|公噸|度|萬元|億元|千元|家|件|次|小時|場|戶|立方米"
)
_UNIT = rf"(?:\s?(?:{_SCALE})\b)?(?:\s?(?:{_MEASURE})(?:\s?/\s?[^\W\d_]{{1,8}}[23²³]?)?(?![^\W_]))?"
_VALUE = re.compile(rf"[~≈c.\s]{{0,3}}(?:{_MONEY})?\s?{_NUMBER}{_UNIT}{_MARKS}\Z", re.IGNORECASE)
_RANGE = re.compile(r"(?:[<>≤≥]\s?\d|\d+\s?[-–]\s?[<>]?\d|\d+\s?\+\Z).{0,12}\Z")
_NIL = re.compile(
    rf"(?:n\s?[/.]?\s?[ad]\.?|k\.?\s?A\.?|n\.?\s?v\.?|nil|none|null"
    rf"|not (?:measured|reported|available|applicable)|[-–—−‐•●○✓✔✗✘xX*]|\.{{2,3}}){_MARKS}\Z",
    re.IGNORECASE,
)
_MONTH = r"(?:[^\W\d_]{3,9}\.?)"
_YEAR = r"(?:19|20)\d{2}"
_PERIOD = re.compile(
    rf"(?:(?:FY|CY|GJ|H[12]|Q[1-4]|[12]H|year|as of|at)\s?[’']?)*"
    rf"(?:(?:\d{{1,2}}[./ -])?(?:{_MONTH}|\d{{1,2}})[./ -]?(?:\d{{1,2}},?)?\s?)?"
    rf"(?:{_YEAR}(?:\s?[/–-]\s?(?:{_YEAR}|\d{{2}}))?\s?(?:年度?)?|(?<=FY)\d{{2}}|(?<=CY)\d{{2}})"
    rf"(?!\s?(?:{_SCALE}|{_MEASURE})(?![^\W_]))(?:\s?\(?[^\W\d_]{{1,12}}\)?){{0,2}}{_MARKS}\Z",
    re.IGNORECASE,
)
_UNIT_ALONE = re.compile(
    rf"\(?(?:in\s)?(?:(?:metric|{_SCALE}|['’]?000|1[,.\s]?000)\s?)*(?:{_MEASURE}|#|no\.?|numbers?|headcount|thousands"
    rf"|millions|uom|units?(?: of measure(?:ment)?)?|percentage|cubic met(?:er|re)s)"
    rf"(?:-e\b)?(?:\s?(?:/|per)\s?.{{1,20}})?\)?{_MARKS}\Z",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
LONGEST = 32  # letters of a figure with its unit and marks


class Kind(Enum):
    VALUE = auto()
    RANGE = auto()  # "<30", "30–50": a figure in one table, a column header in the next
    PERIOD = auto()
    NIL = auto()
    TEXT = auto()


_SIGNS = ((_NIL, Kind.NIL),)
_FIGURES = ((_PERIOD, Kind.PERIOD), *_SIGNS, (_RANGE, Kind.RANGE), (_VALUE, Kind.VALUE))


def kind_of(text: str) -> Kind:
    """Tell what a cell holds.

    >>> [kind_of(text).name for text in ("1,772.6 t", "FY23", "n/a", "<30", "Scope 1")]
    ['VALUE', 'PERIOD', 'NIL', 'RANGE', 'TEXT']
    """
    if len(text) > LONGEST:
        return Kind.TEXT
    patterns = _FIGURES if _DIGIT.search(text) else _SIGNS
    for pattern, kind in patterns:
        if pattern.match(text):
            return kind
    return Kind.TEXT


def is_unit(text: str) -> bool:
    """Say whether a cell holds a unit and no figure, or the head of a column of units.

    >>> [is_unit(text) for text in ("t CO2e", "%", "GWh", "Unit", "Gas")]
    [True, True, True, True, False]
    """
    return len(text) <= LONGEST and _UNIT_ALONE.match(text) is not None


def is_figure(kind: Kind) -> bool:
    """Say whether a cell of this kind can stand in a column of figures."""
    return kind is not Kind.TEXT
