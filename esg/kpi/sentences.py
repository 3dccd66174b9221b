"""Sentences → figures: one name, one figure with its unit, one year, nothing that makes it another thing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from esg.chunk import sentences
from esg.domain import BlockKind, Page, Span
from esg.kpi import context as around
from esg.kpi import lexicon, numbers, periods, phrases, units
from esg.kpi.figure import Figure, in_unit
from esg.kpi.lexicon import Entry
from esg.kpi.numbers import Number, Style
from esg.kpi.periods import Period
from esg.kpi.quote import quote_span
from esg.rubric import fold

_PROSE = (BlockKind.PARAGRAPH, BlockKind.LIST, BlockKind.HEADING, BlockKind.CAPTION)
_SCALE = re.compile(r"\s*(?P<scale>m|million|mn|k|thousand|bn|billion)?\s*", re.IGNORECASE)
_LONGEST = 1000  # characters; what is longer is no sentence
_BEHIND = 48  # characters after a figure in which its unit begins


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` is folded character by character: its offsets are those of `raw`, the page's text at `span`."""

    page: Page
    span: Span
    text: str
    raw: str


@dataclass(frozen=True, slots=True)
class Mention:
    entry: Entry
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure with the unit right behind it, which ends at `end`."""

    number: Number
    unit: units.Unit
    end: int


def read_sentences(page: Page, *, style: Style | None, year: int | None) -> list[Figure]:
    """Read the KPIs of a page's running text; `year` stands in where a sentence names none."""
    return [
        figure
        for sentence in _sentences(page)
        for figure in (*_named(sentence, style, year), *_ruled(sentence, style, year))
    ]


def _sentences(page: Page) -> Iterator[Sentence]:
    for block in page.blocks:
        if block.kind in _PROSE:
            for start, end in sentences(page.text, block.start, block.end):
                raw = page.text[start:end]
                if len(raw) <= _LONGEST:
                    yield Sentence(page, Span(page.number, start, end), fold(raw), raw)


# -- a name, a figure, a unit: emissions, energy, water


def _named(sentence: Sentence, style: Style | None, year: int | None) -> Iterator[Figure]:
    text = sentence.text
    mentions = _mentions(text)
    if not mentions or phrases.is_of_else(text) or lexicon.names_part(text):
        return
    for mention in mentions:
        quantities = list(_quantities(sentence, mention.entry, style))
        quantity = _of(mention, mentions, quantities, text)
        period = quantity and _period(text, mention.start, quantity.end, year)
        if quantity and period:
            figure = _figure(sentence, mention, quantity, period)
            yield figure
            yield from _before_that(sentence, figure, quantity, style)


def _before_that(
    sentence: Sentence, figure: Figure, quantity: Quantity, style: Style | None
) -> Iterator[Figure]:
    """Read "(2022: 618.1 thousand tons)" behind a figure: the year before, in the same unit."""
    before = phrases.previous(sentence.text, quantity.end)
    number = before and numbers.only(before[0], style)
    if before and number:
        value = in_unit(number.value, quantity.unit.factor)
        period = Period(before[1], figure.year - 1, 0, 0)
        yield replace(figure, value=value, raw_value=number.text, period=period)


def _mentions(text: str) -> list[Mention]:
    """Names of KPIs in the sentence, the longer name where two overlap."""
    found = [
        Mention(entry, m.start(), m.end())
        for entry in lexicon.entries()
        if entry.sentence
        for m in entry.sentence.finditer(text)
    ]
    found.sort(key=lambda m: (m.start, -(m.end - m.start)))
    kept: list[Mention] = []
    for mention in found:
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def _quantities(sentence: Sentence, entry: Entry, style: Style | None) -> Iterator[Quantity]:
    """Figures with a unit of the KPI right behind them."""
    text = sentence.text
    for number in numbers.in_prose(sentence.raw, style):
        behind = text[number.end : number.end + _BEHIND]
        unit = units.find(behind, entry.dimension)
        if unit is None or phrases.is_smaller(text[: number.start]) or phrases.is_unit(text, number):
            continue
        scale = _SCALE.fullmatch(behind[: unit.start])
        if scale is None or (entry.gas and not units.names_gas(unit.text)):
            continue
        printed = f"{behind[: unit.start]}{unit.text}".strip()
        factor = unit.factor * _times(scale["scale"])
        yield Quantity(number, unit._replace(factor=factor, text=printed), number.end + unit.end)


def _times(word: str | None) -> float:
    lower = (word or "").lower()
    if lower in ("bn", "billion"):
        return 1e9
    return {"m": 1e6, "k": 1e3, "t": 1e3}.get(lower[:1], 1.0)


def _of(
    mention: Mention, mentions: Sequence[Mention], quantities: Sequence[Quantity], text: str
) -> Quantity | None:
    """The figure of a name: the next one with only linking words between, or the one before it.

    A name in brackets stands behind its figure: "16 Mt from our assets (Scope 1 and 2)".
    """
    after = next((q for q in quantities if q.number.start >= mention.end), None)
    before = next((q for q in reversed(quantities) if q.end <= mention.start), None)
    if before and text[: mention.start].endswith("(") and mention.start - before.end <= 2 * _BEHIND:
        return None if any(before.end <= m.start < mention.start for m in mentions) else before
    if after and phrases.links(text[mention.end : after.number.start]):
        return after
    return before if before and phrases.links_back(text[before.end : mention.start]) else None


def _period(text: str, start: int, end: int, year: int | None) -> Period | None:
    """The only year of the sentence, of name and figure, or right behind; `year` where it names none."""
    found = [p for p in periods.find(text) if not phrases.is_compared(text, p.start, p.end)]
    if not found:
        return Period("", year, 0, 0) if year else None
    if periods.differ(found):
        within = [p for p in found if start <= p.start < end]
        found = within or [p for p in found if phrases.is_behind(text[end : max(end, p.start)])][:1]
    return None if not found or periods.differ(found) or found[0].is_partial else found[0]


def _figure(sentence: Sentence, mention: Mention, quantity: Quantity, period: Period) -> Figure:
    entry, number = mention.entry, quantity.number
    method = entry.method(around.method_of(sentence.text))
    figure = Figure(
        key=entry.key_of(method),
        value=in_unit(number.value, quantity.unit.factor),
        unit=entry.unit,
        raw_value=number.text,
        raw_unit=quantity.unit.text,
        period=period,
        method=method,
        boundary=around.boundary(sentence.text),
        quote=_quote(sentence, mention.start, quantity.end),
        rank=2,
        flags=("ambiguous_separator",) if number.is_ambiguous else (),
    )
    return _assumed(figure)


def _assumed(figure: Figure) -> Figure:
    return figure if figure.period.text else replace(figure, flags=(*figure.flags, "period_assumed"))


def _quote(sentence: Sentence, start: int, end: int) -> Span:
    return quote_span(sentence.span, sentence.text, min(start, end), max(start, end))


# -- whole patterns: employees, shares, rates


def _ruled(sentence: Sentence, style: Style | None, year: int | None) -> Iterator[Figure]:
    for rule in phrases.rules():
        match = rule.pattern.search(sentence.text)
        if match is None or rule.never.search(sentence.text):
            continue
        quantity = _ruled_quantity(sentence, rule, match, style)
        end = max(match.end(), quantity.end) if quantity else 0
        period = quantity and _period(sentence.text, match.start(), end, year)
        if quantity and period:
            yield _by_rule(sentence, rule, match, quantity, period)
            yield from _year_before(sentence, rule, match, quantity, period, style)
            return


def _ruled_quantity(
    sentence: Sentence, rule: phrases.Rule, match: re.Match[str], style: Style | None
) -> Quantity | None:
    """The rule's figure: a share, a rate and a count need no unit, all else has one behind it."""
    text = sentence.text
    number = numbers.only(sentence.raw[slice(*match.span("number"))], style)
    dimension = lexicon.entry(rule.key).dimension
    if number is None or dimension not in units.PHYSICAL:
        printed = "%" if dimension == "share" else ""
        return number and Quantity(number, units.Unit(printed, dimension, 1.0, 0, 0), match.end())
    end = match.end("number")
    unit = units.find(text[end : end + _BEHIND], dimension)
    scale = unit and _SCALE.fullmatch(text[end : end + unit.start])
    if unit is None or scale is None:
        return None
    return Quantity(number, unit._replace(factor=unit.factor * _times(scale["scale"])), end + unit.end)


def _by_rule(
    sentence: Sentence, rule: phrases.Rule, match: re.Match[str], quantity: Quantity, period: Period
) -> Figure:
    entry, number = lexicon.entry(rule.key), quantity.number
    approximate = bool(match.groupdict().get("approx"))
    figure = Figure(
        key=rule.key,
        value=in_unit(
            numbers.whole(number) if entry.dimension == "people" else number.value, quantity.unit.factor
        ),
        unit=entry.unit,
        raw_value=number.text,
        raw_unit=quantity.unit.text,
        period=period,
        method="",
        boundary="",
        quote=_quote(sentence, match.start(), match.end()),
        rank=4 if approximate else 2,
        flags=("approximate",) if approximate else (),
    )
    return _assumed(figure)


def _year_before(
    sentence: Sentence,
    rule: phrases.Rule,
    match: re.Match[str],
    quantity: Quantity,
    period: Period,
    style: Style | None,
) -> Iterator[Figure]:
    """Read "(previous year: 693)" and "compared with 1,214 m3 in FY23" behind a figure, in the same unit."""
    before = phrases.previous(sentence.text, max(match.end(), quantity.end))
    number = before and numbers.only(before[0], style)
    if before and number:
        earlier = Period(before[1], period.year - 1, 0, 0)
        yield _by_rule(sentence, rule, match, replace(quantity, number=number), earlier)
