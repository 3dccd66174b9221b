"""Words for a unit of intensity → tonnes of CO2 equivalent per what (data/intensity.toml)."""

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from esg.kpi import units
from esg.kpi.toml import parsed

_PER = re.compile(
    r"\)?\s*(?:/|\b(?:per|by|for (?:each|every))\b)\s*(?:\(|the |our |one |a |1(?=\s?[^\W\d])\s?)*",
    re.IGNORECASE,
)
_LINK = re.compile(r"\s*(?:\(|\)|of|in|’s|'s|1(?![\d,.])|(?:one|a)\b)?\s*", re.IGNORECASE)
_NOTHING = units.Unit("", "mass")


class Denominator(NamedTuple):
    """What an intensity is counted per, named in our words, and its place in a text."""

    name: str
    start: int
    end: int


class Ratio(NamedTuple):
    """A unit of intensity as printed; `unit` has the factor to tonnes and spans all of it."""

    unit: units.Unit
    per: str


def find(text: str) -> Ratio | None:
    """Find the unit of an intensity; None where a word of scale leaves its size unsure."""
    mass = units.find(text, "mass")
    per = mass and denominator_at(text, mass.end)
    if mass is None or per is None:
        return None
    if units.is_scaled(f"{text[: mass.start]} {text[per.end :]}", _NOTHING):
        return None
    return Ratio(mass._replace(text=text[mass.start : per.end], end=per.end), per.name)


def first(texts: Iterable[str]) -> Ratio | None:
    """Find the unit in the first of several texts that has one."""
    return next((ratio for text in texts if (ratio := find(text))), None)


def denominator(text: str) -> Denominator | None:
    """Find the first "per employee", "/ €m revenue" or "by turnover" of a text."""
    places = (denominator_at(text, m.start()) for m in _PER.finditer(text))
    return next((found for found in places if found), None)


def denominator_at(text: str, place: int) -> Denominator | None:
    """Read what stands after the "per" at a place; it begins where that does."""
    joint = _PER.match(text, place)
    if joint is None:
        return None
    found = _money(text, joint.end()) or _thing(text, joint.end())
    return found and found._replace(start=joint.start())


def _thing(text: str, place: int) -> Denominator | None:
    for name, pattern in _things():
        if match := pattern.match(text, place):
            noun = match.groupdict().get("noun")
            return Denominator(f"{name} of {noun.lower()}" if noun else name, place, match.end())
    return None


def _money(text: str, place: int) -> Denominator | None:
    """Read "€m revenue", "million euros of turnover", "net sales (in USD million)", "revenue"."""
    noun, at = _noun(text, place)
    scale, currency, at = _amount(text, at)
    if not noun:
        noun, at = _noun(text, at)
    if not (noun or (scale and currency)):
        return None
    return Denominator(" ".join(filter(None, (scale, currency, noun))), place, at)


def _noun(text: str, place: int) -> tuple[str, int]:
    link = _link(text, place)
    match = _nouns().match(text, link)
    return (match["noun"].lower(), match.end()) if match else ("", place)


def _amount(text: str, place: int) -> tuple[str, str, int]:
    """The scale and the currency that follow a place, in whichever order, each "" where it is not named."""
    found: dict[str, str] = {}
    end = place
    while match := _tokens().match(text, _link(text, end)):
        kind, _, number = str(match.lastgroup).partition("_")
        if kind in found:
            break
        found[kind], end = _named(kind)[int(number)], match.end()
    closed = re.compile(r"\s*\)").match(text, end) if found else None
    return found.get("scale", ""), found.get("currency", ""), closed.end() if closed else end


def _link(text: str, place: int) -> int:
    match = _LINK.match(text, place)
    return match.end() if match else place


@cache
def _things() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (raw["name"], re.compile(raw["pattern"], re.IGNORECASE)) for raw in parsed("intensity")["per"]
    )


@cache
def _nouns() -> re.Pattern[str]:
    return re.compile(parsed("intensity")["money"]["noun"] + r"\b", re.IGNORECASE)


@cache
def _named(kind: str) -> tuple[str, ...]:
    return tuple(parsed("intensity")["money"][{"scale": "scales", "currency": "currencies"}[kind]])


@cache
def _tokens() -> re.Pattern[str]:
    money = parsed("intensity")["money"]
    scales = [f"(?P<scale_{n}>{p})" for n, p in enumerate(money["scales"].values())]
    currencies = [f"(?P<currency_{n}>{p})" for n, p in enumerate(money["currencies"].values())]
    return re.compile("|".join((*scales, *currencies)), re.IGNORECASE)
