"""Sentences → figures that have a name and a unit: emissions, energy, water."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from esg.kpi import context as around
from esg.kpi import lexicon, numbers, phrases, units
from esg.kpi.figure import Figure, value_of
from esg.kpi.lexicon import Entry
from esg.kpi.numbers import Style
from esg.kpi.periods import Period
from esg.kpi.prose import NEAR, Quantity, Sentence, assumed, compared, period_of, quote_of, unit_behind


@dataclass(frozen=True, slots=True)
class Mention:
    entry: Entry
    start: int
    end: int


def named(sentence: Sentence, style: Style | None, year: int | None) -> Iterator[Figure]:
    """Read one name, one figure with its unit and one year; nothing that makes it another thing."""
    text = sentence.text
    mentions = _mentions(text)
    if not mentions or phrases.is_of_else(text) or phrases.is_of_site(text) or lexicon.names_part(text):
        return
    for mention in mentions:
        quantities = list(_quantities(sentence, mention.entry, style))
        first = _of(mention, mentions, quantities, text)
        period = period_of(text, mention.start, first.end, year) if first else None
        if first is None or period is None:
            continue
        next_name = next((m.start for m in mentions if m.start > max(first.end, mention.end)), len(text))
        own = [q for q in quantities if first.number.start <= q.number.start < next_name]
        begin = mention.start if mention != mentions[0] else 0
        for quantity, method in _methods(mention.entry, own, text[:next_name], begin):
            figure = _figure(sentence, mention, quantity, period=period, named=method)
            yield figure
            yield from _before_that(sentence, figure, quantity, mention.end, style)


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


def _of(
    mention: Mention, mentions: Sequence[Mention], quantities: Sequence[Quantity], text: str
) -> Quantity | None:
    """The figure of a name: the next one with only linking words between, or the one before it.

    A name in brackets stands behind its figure: "16 Mt from our assets (Scope 1 and 2)".
    """
    after = next((q for q in quantities if q.number.start >= mention.end), None)
    before = next((q for q in reversed(quantities) if q.end <= mention.start), None)
    if before and text[: mention.start].endswith("(") and mention.start - before.end <= 2 * NEAR:
        return None if any(before.end <= m.start < mention.start for m in mentions) else before
    if after and phrases.links(text[mention.end : after.number.start]):
        return after
    return before if before and phrases.links_back(text[before.end : mention.start]) else None


def _methods(
    entry: Entry, quantities: Sequence[Quantity], text: str, begin: int
) -> Iterator[tuple[Quantity, str]]:
    """The figure of a name with the sentence's method of scope 2; each figure with its own where both are.

    The methods then stand all before their figures or all behind: "X t (market-based), Y t (location-based)".
    """
    if not around.names_both_methods(text) or not entry.methods:
        yield quantities[0], around.method_of(text)
        return
    places = [begin, *(q.end for q in quantities), len(text)]
    parts = [text[start : q.number.start] for start, q in zip(places, quantities, strict=False)] + [
        text[places[-2] :]
    ]
    if around.names_both_methods(parts[0]):
        return
    behind = 0 if around.method_of(parts[0]) else 1
    for quantity, part in zip(quantities, parts[behind:], strict=False):
        if method := around.method_of(part):
            yield quantity, method


def _figure(
    sentence: Sentence, mention: Mention, quantity: Quantity, *, period: Period, named: str
) -> Figure:
    entry, number = mention.entry, quantity.number
    method = entry.method(named)
    figure = Figure(
        key=entry.key_of(method),
        value=value_of(number, quantity.unit),
        unit=entry.unit,
        raw_value=number.text,
        raw_unit=quantity.unit.text,
        period=period,
        method=method,
        boundary=around.boundary(sentence.text),
        quote=quote_of(sentence, mention.start, quantity.end),
        rank=2,
    )
    return assumed(figure)


def _before_that(
    sentence: Sentence, figure: Figure, quantity: Quantity, named_until: int, style: Style | None
) -> Iterator[Figure]:
    """Read "(2022: 618.1 thousand tons)" behind a figure, or "from 618.1 thousand tons to" before it."""
    before = compared(sentence.text, quantity, max(quantity.end, named_until), figure.year, style)
    if before:
        yield replace(
            figure,
            value=before.value,
            raw_value=before.number.text,
            raw_unit=before.unit.text,
            period=before.period,
        )


def _quantities(sentence: Sentence, entry: Entry, style: Style | None) -> Iterator[Quantity]:
    """Figures with a unit of the KPI right behind them."""
    text = sentence.text
    for number in numbers.in_prose(sentence.raw, style):
        unit = unit_behind(text, number.end, entry.dimension)
        if (
            unit is None
            or number.is_ambiguous
            or phrases.is_smaller(text[: number.start])
            or phrases.is_unit(text, number)
            or phrases.is_difference(text, unit.end)
        ):
            continue
        if not entry.gas or units.names_gas(unit.text):
            yield Quantity(number, unit, unit.end)
