"""XBRL concepts and measures (data/concepts.toml) → the KPI that a fact is, and the factor to its unit."""

import re
from dataclasses import dataclass
from functools import cache

from esg.domain import Fact
from esg.kpi.toml import parsed

Name = tuple[str, str]  # a taxonomy and a name in it


@dataclass(frozen=True, slots=True)
class Concept:
    """What a fact is: `second` where it stands in for the KPI's own figure."""

    kpi: str
    method: str
    second: bool


def concept(fact: Fact) -> Concept | None:
    """The KPI that a fact is of the whole group, None for any other fact and for one of a part."""
    name = _name(fact.namespace, fact.concept)
    if name is None or len(fact.dimensions) > 1:
        return None
    axis, member = fact.dimensions[0] if fact.dimensions else ("", "")
    return _concepts().get((name, _local(axis), _local(member)))


def factor(fact: Fact, dimension: str) -> float | None:
    """What turns a fact's number into the base unit of a dimension; None for another unit and for a ratio."""
    if len(fact.unit) != 1 or fact.per:
        return None
    found: float | None = parsed("concepts")["measure"][dimension].get(_local(fact.unit[0]))
    return found


def _name(namespace: str, qualified: str) -> Name | None:
    """A concept by its namespace; a prefix that is bound to none means the taxonomy usually called so."""
    prefix, _, local = qualified.rpartition(":")
    found = (key for key, pattern in _taxonomies() if pattern.fullmatch(namespace))
    taxonomy = next(found, "") if namespace else prefix
    return (taxonomy, local) if taxonomy else None


def _local(qualified: str) -> str:
    return qualified.rpartition(":")[2]


@cache
def _taxonomies() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((key, re.compile(pattern)) for key, pattern in parsed("concepts")["taxonomy"].items())


@cache
def _concepts() -> dict[tuple[Name, str, str], Concept]:
    """Each concept by its name and the local names of its axis and member, "" where it has none."""
    found = {}
    for raw in parsed("concepts")["concept"]:
        kinds = {("", ""): raw["kpi"]} if "kpi" in raw else {}
        kinds |= {(_local(raw["axis"]), _local(m)): kpi for m, kpi in raw.get("members", {}).items()}
        for qualified in raw["names"]:
            taxonomy, _, name = qualified.partition(":")
            for (axis, member), kpi in kinds.items():
                value = Concept(kpi, raw.get("method", ""), raw.get("second", False))
                found[(taxonomy, name), axis, member] = value
    return found
