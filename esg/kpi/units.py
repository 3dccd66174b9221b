"""Words for a unit → its dimension and the factor to the base unit (data/units.toml)."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from esg.kpi.toml import parsed

PHYSICAL = ("mass", "energy", "volume")
DIMENSIONS = (*PHYSICAL, "share", "people")

_PER = re.compile(r"(?:/|\bper\b|\bintensity\b|\b(?:co2|co₂|ghg)\S* ?/)", re.IGNORECASE)
_GOES_ON = re.compile(r"\s*(?:/\s*(?=[^\W\d])|per\b)", re.IGNORECASE)
_SCALES = re.compile(
    r"\b(?:thousands?|millions?|billions?|mio|mrd|tsd)\b|['‘’]000|(?<!\d)(?<!\d[ ,.])\b000s?\b", re.IGNORECASE
)
_MANY = r"(?:thousands?|millions?|billions?|mio|mrd|tsd|m\b|bn)"
_COIN = r"(?:[€$£¥]|\b(?:eur|usd|aud|nzd|cad|gbp|chf)\b)"
_MONEY = re.compile(rf"{_COIN}\s?(?:in )?{_MANY}|{_MANY}\W{{0,2}}(?:{_COIN}|of euros)", re.IGNORECASE)
_GAS = re.compile(r"co2|co₂|co²|carbon dioxide|\bghg\b|greenhouse", re.IGNORECASE)
_FOLLOWS = re.compile(
    r"[-\s]*(?:of\s+)?(?:co2|co₂|co²|carbon dioxide)(?:\s+equivalents?|[-\s]?eq?u?i?v?\b\.?)?", re.IGNORECASE
)


_SMALL_BASIS = re.compile(r"\b200[ ,.]?(?:000|k\b)")


class Unit(NamedTuple):
    """A unit as printed; `factor` makes the base unit: t, MWh, m3, %, people."""

    text: str
    dimension: str
    factor: float = 1.0
    start: int = 0
    end: int = 0


class _Pattern(NamedTuple):
    dimension: str
    factor: float
    patterns: tuple[re.Pattern[str], ...]


@lru_cache(maxsize=4096)  # a header is asked for each of its cells
def find(text: str, dimension: str) -> Unit | None:
    """Find the first unit of a dimension; of those that begin at one place the longest."""
    found = [u for p in _patterns() if p.dimension == dimension for u in _matches(p, text)]
    best = min(found, key=lambda u: (u.start, -(u.end - u.start), -u.factor), default=None)
    return best and _with_gas(best, text)


def is_scaled(text: str, unit: Unit) -> bool:
    """Whether thousands or millions, not of money, stand outside the unit: the size is then unsure."""
    is_here = text[unit.start : unit.end] == unit.text
    rest = f"{text[: unit.start]} {text[unit.end :]}" if is_here else text
    return bool(_SCALES.search(_MONEY.sub(" ", rest)))


def first(texts: Iterable[str], dimension: str) -> Unit | None:
    """Find a unit in the first of several texts that has one: the nearest to the figure comes first."""
    return next((unit for text in texts if (unit := find(text, dimension))), None)


def without(text: str) -> str:
    """A text without its units of measure: "Total emissions (t CO2e)" is "Total emissions"."""
    for dimension in PHYSICAL:
        if unit := find(text, dimension):
            text = f"{text[: unit.start]} {text[unit.end :]}"
    return " ".join(re.sub(r"[(\[]\s*(?:in\s*)?[)\]]|[\s,;:–-]+(?:in\s*)?$", " ", text).split())


def basis(texts: Iterable[str]) -> str:
    """What a rate of accidents is counted on where that is not a million hours: "per 200,000 hours"."""
    return "per 200,000 hours" if any(_SMALL_BASIS.search(text) for text in texts) else ""


def is_ratio(text: str) -> bool:
    """Whether a unit or label is of something per something else."""
    return bool(_PER.search(text))


def goes_on(behind: str) -> bool:
    """Whether what stands behind a unit makes it one per something else."""
    return bool(_GOES_ON.match(behind))


def names_gas(text: str) -> bool:
    return bool(_GAS.search(text))


def _matches(pattern: _Pattern, text: str) -> list[Unit]:
    return [
        Unit(m[0], pattern.dimension, pattern.factor, m.start(), m.end())
        for regex in pattern.patterns
        for m in regex.finditer(text)
    ]


def _with_gas(unit: Unit, text: str) -> Unit:
    """Take "CO2e" into the printed unit where it follows."""
    gas = _FOLLOWS.match(text, unit.end)
    return unit._replace(text=text[unit.start : gas.end()], end=gas.end()) if gas else unit


@cache
def _patterns() -> tuple[_Pattern, ...]:
    raw = parsed("units")["unit"]
    return tuple(
        _Pattern(
            unit["dimension"],
            float(unit["factor"]),
            tuple(
                re.compile(unit[key].replace(" ", r"[\s\u00a0\u202f]?" if key == "blank" else r"\s*"), flags)
                for key, flags in (("exact", 0), ("any", re.IGNORECASE))
                if key in unit
            ),
        )
        for unit in raw
    )
