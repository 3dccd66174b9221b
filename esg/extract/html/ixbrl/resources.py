"""The header of an inline XBRL document → its contexts and units, by id."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from selectolax.lexbor import LexborNode

from esg.domain import Dimension
from esg.extract.html.walk import walk

_MIDNIGHT = "T00:00:00"
_MOST_ELEMENTS = 1000  # of a context or unit that are looked at


@dataclass(frozen=True, slots=True)
class Context:
    """Whom, when and what part a fact is about; `period` is None where its dates are none."""

    entity: str
    period: tuple[str, str] | None
    dimensions: tuple[Dimension, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    above: tuple[str, ...]  # the line of the fraction
    below: tuple[str, ...]


R = TypeVar("R", Context, Unit)
Named = dict[str, R | None]  # None where an id stands for two things


def read_resources(root: LexborNode) -> tuple[Named[Context], Named[Unit]]:
    """Read all contexts and units; an id given twice to different ones stands for neither."""
    nodes = [child for node in root.css("ix\\:resources") for child in node.iter()]
    contexts = _named(nodes, "context", _context)
    return contexts, _named(nodes, "unit", _unit)


def _named(nodes: list[LexborNode], name: str, read: Callable[[LexborNode], R]) -> Named[R]:
    found: Named[R] = {}
    for node in nodes:
        key = node.attributes.get("id")
        if _local(node) == name and key:
            value = read(node)
            found[key] = value if found.get(key, value) == value else None
    return found


# -- contexts ---------------------------------------------------------------------------------------------


def _context(node: LexborNode) -> Context:
    parts = list(_inside(node))
    texts = {_local(part): _text(part) for part in parts}
    dimensions = [_dimension(part) for part in parts if _local(part) in ("explicitmember", "typedmember")]
    if not dimensions:  # narrowed down by something that is no dimension
        others = (part for part in parts if _local(part) in ("segment", "scenario"))
        dimensions = [Dimension(_local(part), _text(part)) for part in others if any(_inside(part))]
    period = _period(texts) if len(parts) < _MOST_ELEMENTS else None  # the rest may say anything
    return Context(texts.get("identifier", ""), period, tuple(sorted(dimensions)))


def _dimension(node: LexborNode) -> Dimension:
    return Dimension(" ".join((node.attributes.get("dimension") or "").split()), _text(node))


def _period(texts: dict[str, str]) -> tuple[str, str] | None:
    if "forever" in texts:
        return "", ""
    if "instant" in texts:
        end = _last_day(texts["instant"])
        return None if end is None else ("", end)
    start, last = _day(texts.get("startdate", "")), _last_day(texts.get("enddate", ""))
    return None if start is None or last is None or last < start.isoformat() else (start.isoformat(), last)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _last_day(text: str) -> str | None:
    """The last day of a period: midnight ends the day before (XBRL 2.1, 4.7.2)."""
    day = _day(text)
    if day is None or day == date.min:
        return None
    return (day - timedelta(days=_MIDNIGHT in text)).isoformat()


# -- units ------------------------------------------------------------------------------------------------


def _unit(node: LexborNode) -> Unit:
    below = [part for part in _inside(node) if _local(part) == "unitdenominator"]
    per = [measure for part in below for measure in _measures(part)]
    every = _measures(node)
    return Unit(tuple(every[: len(every) - len(per)]), tuple(per))


def _measures(node: LexborNode) -> list[str]:
    return [_text(part) for part in _inside(node) if _local(part) == "measure"]


# -- nodes ------------------------------------------------------------------------------------------------


def _inside(node: LexborNode) -> Iterator[LexborNode]:
    """The first elements below a node, in order."""
    found: list[LexborNode] = []

    def enter(each: LexborNode) -> bool:
        if not (each.tag or "-").startswith("-") and each.mem_id != node.mem_id:
            found.append(each)
        return len(found) < _MOST_ELEMENTS

    walk(node, enter, lambda _: None)
    return iter(found)


def _local(node: LexborNode) -> str:
    """An element's name without its prefix, in lower case."""
    return (node.tag or "").rpartition(":")[2]


def _text(node: LexborNode) -> str:
    return " ".join(node.text().split())
