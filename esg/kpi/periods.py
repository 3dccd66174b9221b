"""Words for a year → its fiscal year: "FY23", "2022/23", "31.12.2023", "CY2022", "30 June 2023"."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

_YEAR = r"20[0-4]\d|199\d"
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DATE = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\.?\s+{_MONTH}\s+|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+|\b{_MONTH}\s+)"
)
_PERIOD = re.compile(
    rf"""
    (?<![\d.,/-])
    (?:
      (?P<fy>(?:fy|cy|f\.y\.|fiscal\ year|financial\ year|calendar\ year|year)[\s']*)?
      (?P<first>{_YEAR})\s?(?:/|-|–|to)\s?(?P<last>(?:{_YEAR})|\d\d)(?![\d.,%/-])
    | (?P<short>(?:fy|cy)[\s'’]*)(?P<two>\d\d)(?![\d.,%])(?:\s?/\s?(?P<two_last>\d\d)(?!\d))?
    | (?P<day>\d\d?[./-]\d\d?[./-])(?P<dated>{_YEAR})
    | (?P<word>(?:fy|cy|fiscal\ year|financial\ year|calendar\ year|year)[\s'’]*|{_DATE})?(?P<plain>{_YEAR})
      (?=[\d⁰¹²³⁴-⁹]?(?![\d%])(?![.,]\d))
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TO = re.compile(r"\s*(?:to|until|through|–|-)\s*", re.IGNORECASE)
_PART = re.compile(
    r"\b(?:h[12]|q[1-4]|half[- ]years?|quarters?|(?<!12 )(?<!twelve )months|ytd|first half)\b", re.IGNORECASE
)


class Period(NamedTuple):
    """A year as printed and its number: that of the year in which the period ends."""

    text: str
    year: int
    start: int = 0
    end: int = 0
    is_partial: bool = False  # a quarter or half year


@lru_cache(maxsize=4096)  # a header is asked for each of its cells
def find(text: str) -> tuple[Period, ...]:
    """Find the periods in a text, in order."""
    partial = bool(_PART.search(text))
    found = (
        Period(m[0].strip(), year, m.start(), m.end(), partial)
        for m in _PERIOD.finditer(text)
        if (year := _number(m)) is not None
    )
    return tuple(_joined(text, found))


def _joined(text: str, found: Iterable[Period]) -> list[Period]:
    """Make one of the two ends of a year: "1 July 2022 to 30 June 2023" is the year in which it ends."""
    joined: list[Period] = []
    for period in found:
        first = joined[-1] if joined else None
        if first and _is_span(text, first, period):
            whole = text[first.start : period.end].strip()
            joined[-1] = Period(whole, period.year, first.start, period.end, period.is_partial)
        else:
            joined.append(period)
    return joined


def _is_span(text: str, first: Period, last: Period) -> bool:
    is_dated = all(re.match(_DATE, f"{p.text} ", re.IGNORECASE) for p in (first, last))
    return is_dated and last.year == first.year + 1 and bool(_TO.fullmatch(text[first.end : last.start]))


def differ(found: Sequence[Period]) -> bool:
    return len({p.year for p in found}) > 1


def without(text: str) -> str:
    """A text with its periods taken out."""
    for period in reversed(find(text)):
        text = text[: period.start] + " " + text[period.end :]
    return " ".join(text.split())


def only(text: str) -> Period | None:
    """The period of a heading that names one year only."""
    found = find(text)
    return found[-1] if found and not differ(found) and not found[-1].is_partial else None


def _number(match: re.Match[str]) -> int | None:
    if match["first"]:
        return _last(int(match["first"]), match["last"])
    if match["two"]:
        first = 2000 + int(match["two"])
        return _last(first, match["two_last"]) if match["two_last"] else first
    return int(match["dated"] or match["plain"])


def _last(first: int, last: str) -> int | None:
    """The second year of "2022/23", "2022-2023"; None for a span of years such as "2015-2030"."""
    year = int(last) if len(last) == 4 else first // 100 * 100 + int(last)
    return year if year == first + 1 else None
