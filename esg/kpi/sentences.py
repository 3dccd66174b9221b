"""Sentences → figures: one name, one figure with its unit, one year, and nothing that makes it another thing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from esg.chunk import sentences
from esg.domain import BlockKind, Page, Span
from esg.kpi import context as around
from esg.kpi import lexicon, numbers, periods, units
from esg.kpi.figure import Figure, in_unit
from esg.kpi.lexicon import Entry
from esg.kpi.numbers import Number, Style
from esg.kpi.periods import Period
from esg.kpi.quote import quote_span

_PROSE = (BlockKind.PARAGRAPH, BlockKind.LIST, BlockKind.HEADING, BlockKind.CAPTION)
_TALK_OF_ELSE = re.compile(
    r"\b(?:targets?|goals?|intensity|avoid\w*|offset\w*|sav(?:ed|ings?)|will|would|could|expect\w*|forecast|"
    r"scenario|suppliers?|customers?|per (?:employee|passenger|m2|unit|capita|square|tonne|million|revenue)|"
    r"reduc\w+ (?:of|by)|equivalent to the emissions|industry|worldwide|sector|peers|if|since)\b",
    re.IGNORECASE,
)
_SMALLER = re.compile(
    r"\b(?:by|of which|thereof|including|includes|from|than|sav\w+|avoid\w*|reduc\w+(?: of)?|decreas\w+ of|increas\w+ of|"
    r"additional|further|another|category \d+|categor\w+)\s*(?:about|approximately|around|over|up to|only|some|nearly)?\s*$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"[\s,:()–-]*(?:(?:and|inventory|footprint|emissions?|figure|total|volume|for|in|of|the|our|group|company|reported|"
    r"financial|fiscal|calendar|year|reporting|period|fy ?\d*|cy ?\d*|20\d\d|were|was|is|are|amount(?:s|ed)? to|totall?(?:s|ed|ing)|"
    r"to|estimated|at|stood|reached|came|equal(?:s|led)?|approximately|about|around|a|operated|operations|assets|"
    r"market|location|based|method|across|all|three|scopes?|1,? ?2,? (?:and|&) 3)[\s,:()–-]*)*",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"\s*(?:of|in|from)?\s*(?:total |gross |our |combined )*$", re.IGNORECASE)
_SCALE = re.compile(r"\s*(?P<scale>m|million|mn|k|thousand|bn|billion)?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    entry: Entry
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quantity:
    number: Number
    unit: units.Unit
    end: int


def read_sentences(page: Page, *, style: Style, year: int | None) -> list[Figure]:
    """Read the KPIs of a page's running text; `year` stands in where a sentence names none."""
    return [
        figure
        for block in page.blocks
        if block.kind in _PROSE
        for start, end in sentences(page.text, block.start, block.end)
        for figure in _read(page, start, end, style, year)
    ]


def _read(page: Page, start: int, end: int, style: Style, year: int | None) -> Iterator[Figure]:
    text = page.text[start:end].replace("\n", " ").replace("₂", "2")
    if _TALK_OF_ELSE.search(text) or lexicon.names_subset(text):
        return
    for mention in _mentions(text):
        quantities = list(_quantities(text, mention.entry, style))
        for quantity in _of(mention, quantities, text):
            if period := _period(text, quantity, year):
                yield _figure(page, start, end, text, mention, quantity, period)


def _mentions(text: str) -> list[Mention]:
    """Names of KPIs in the sentence, the longer name where two overlap."""
    found = [
        Mention(entry, m.start(), m.end())
        for entry in lexicon.entries()
        if entry.sentence and entry.gas
        for m in entry.sentence.finditer(text)
    ]
    found.sort(key=lambda m: (m.start, -(m.end - m.start)))
    kept: list[Mention] = []
    for mention in found:
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def _quantities(text: str, entry: Entry, style: Style) -> Iterator[Quantity]:
    """Figures with a unit of the KPI right behind them."""
    for number in numbers.in_prose(text, style):
        behind = text[number.end : number.end + 48]
        unit = units.find(behind, entry.dimension)
        if unit is None or _SMALLER.search(text[: number.start]):
            continue
        scale = _SCALE.fullmatch(behind[: unit.start])
        if scale is None or (entry.gas and not units.names_gas(f"{unit.text} {text}")):
            continue
        scaled = unit._replace(factor=unit.factor * _times(scale["scale"]))
        printed = f"{behind[: unit.start]}{unit.text}".strip()
        yield Quantity(number, scaled._replace(text=printed), number.end + unit.end)


def _times(word: str | None) -> float:
    letter = (word or "")[:1].lower()
    if (word or "").lower() in ("bn", "billion"):
        return 1e9
    return {"m": 1e6, "k": 1e3, "t": 1e3}.get(letter, 1.0)


def _of(mention: Mention, quantities: Sequence[Quantity], text: str) -> list[Quantity]:
    """The figure that belongs to a name: the next one with only linking words between, or the one before."""
    after = next((q for q in quantities if q.number.start >= mention.end), None)
    if after and _BETWEEN.fullmatch(text, mention.end, after.number.start):
        return [after]
    before = next((q for q in reversed(quantities) if q.end <= mention.start), None)
    if before and _BEFORE.fullmatch(text, before.end, mention.start):
        return [before]
    return []


def _period(text: str, quantity: Quantity, year: int | None) -> Period | None:
    """The only year of the sentence, or the one right behind the figure; else the document's own year."""
    found = periods.find(text)
    if not found:
        return Period("", year, 0, 0) if year else None
    if len({p.year for p in found}) == 1:
        return None if found[0].is_partial else found[0]
    behind = next((p for p in found if quantity.end <= p.start <= quantity.end + 6), None)
    return behind


def _figure(
    page: Page, start: int, end: int, text: str, mention: Mention, quantity: Quantity, period: Period
) -> Figure:
    entry, number = mention.entry, quantity.number
    method = _method(text) if entry.methods else ""
    quote = quote_span(Span(page.number, start, end), page.text[start:end], mention.start, quantity.end)
    figure = Figure(
        key=f"{entry.key}_{method or 'unspecified'}" if entry.methods else entry.key,
        value=in_unit(entry.unit, number.value, quantity.unit.factor),
        unit=entry.unit,
        raw_value=number.text,
        raw_unit=quantity.unit.text,
        period=period,
        method=(method or "unspecified") if entry.methods else "",
        boundary=around.boundary(text),
        quote=quote,
        rank=2,
        flags=("ambiguous_separator",) if number.is_ambiguous else (),
    )
    return figure if period.text else replace(figure, flags=(*figure.flags, "period_assumed"))


def _method(text: str) -> str:
    named = [m for m in ("market", "location") if re.search(rf"\b{m}[- ]based", text, re.IGNORECASE)]
    return named[0] if len(named) == 1 else ""
