"""What an intensity of emissions is: tonnes of CO2 equivalent per what the report names.

A report prints several, per revenue and per employee, of scopes 1 and 2 and of all three: each is a figure of
its own, its denominator in the unit and its scopes as the boundary.
"""

import re
from collections.abc import Sequence
from functools import cache

from esg.domain import Span
from esg.kpi.figure import INTENSITY, Figure, in_unit
from esg.kpi.numbers import Number
from esg.kpi.periods import Period
from esg.kpi.ratios import Ratio
from esg.kpi.toml import parsed

_SCOPES = re.compile(
    r"\bscopes?\W{0,2}([123](?:(?:\W|\band\b|\bto\b|\bplus\b|\bscopes?\b)*[123]\b)*)", re.IGNORECASE
)
_RANGE = re.compile(r"\b1\W*(?:-|–|to)\W*3\b", re.IGNORECASE)
_NAME = re.compile(r"\bintensit(?:y|ies)\b", re.IGNORECASE)


def figure(
    ratio: Ratio, number: Number, period: Period, quote: Span, *, texts: Sequence[str], rank: int
) -> Figure:
    """Make a figure of a number with its unit; its scopes are those that the first of the texts names."""
    return Figure(
        key=INTENSITY,
        value=in_unit(number.value, ratio.unit.factor),
        unit=f"tCO2e per {ratio.per}",
        raw_value=number.text,
        raw_unit=ratio.unit.text,
        period=period,
        method="",
        boundary=next((named for text in texts if (named := scopes(text))), ""),
        quote=quote,
        rank=rank,
    )


def scopes(text: str) -> str:
    """The scopes that a text names: "scope 1", "scope 1 and 2", "scope 1, 2 and 3"; "" for none."""
    named = " ".join(m[1] for m in _SCOPES.finditer(text))
    digits = ["1", "2", "3"] if _RANGE.search(named) else sorted(set(re.findall("[123]", named)))
    return f"scope {' and '.join(filter(None, (', '.join(digits[:-1]), digits[-1])))}" if digits else ""


def without_name(text: str) -> str:
    """A text without the word itself, which elsewhere tells that a figure is no total."""
    return _NAME.sub(" ", text)


@cache
def pattern(name: str) -> re.Pattern[str]:
    """A pattern of data/intensity.toml."""
    value = parsed("intensity")[name]
    return re.compile("|".join(value) if isinstance(value, list) else value, re.IGNORECASE)
