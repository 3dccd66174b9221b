"""What the readers of running text share: the sentence, a figure with its unit, and the year it is of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from esg.chunk import sentences
from esg.domain import BlockKind, Page, Span
from esg.kpi import lexicon, numbers, periods, phrases, units
from esg.kpi.figure import Figure, value_of
from esg.kpi.numbers import Number, Style
from esg.kpi.periods import Period
from esg.kpi.quote import quote_span
from esg.rubric import fold

NEAR = 48  # characters around a figure in which its unit or its name stands
_PROSE = (BlockKind.PARAGRAPH, BlockKind.LIST, BlockKind.HEADING, BlockKind.CAPTION, BlockKind.FOOTNOTE)
_JUMP = 8.0  # times the year before
_SCALE = re.compile(r"\s*(?P<scale>m|million|mn|k|thousand|bn|billion)?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` is folded character by character: its offsets are those of `raw`, the page's text at `span`.

    The company's own name is blanked in it: "the Acme Group employed" is "the group employed".
    """

    page: Page
    span: Span
    text: str
    raw: str


def places(page: Page, longest: int) -> Iterator[Span]:
    """The sentences of a page's running text; what has more than `longest` characters is none."""
    for block in page.blocks:
        if block.kind in _PROSE:
            for start, end in sentences(page.text, block.start, block.end):
                if end - start <= longest:
                    yield Span(page.number, start, end)


def sentence_at(page: Page, span: Span, company: str) -> Sentence:
    raw = page.text[span.start : span.end]
    return Sentence(page, span, lexicon.blanked(fold(raw), company), raw)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure with the unit right behind it, which ends at `end`."""

    number: Number
    unit: units.Unit
    end: int


def unit_behind(text: str, end: int, dimension: str) -> units.Unit | None:
    """The unit right behind a figure that ends at `end`, as printed, a word of scale between them counted in.

    Its `end` is a place in `text`.
    """
    behind = text[end : end + NEAR]
    unit = units.find(behind, dimension)
    scale = unit and _SCALE.fullmatch(behind[: unit.start])
    if unit is None or scale is None:
        return None
    printed = f"{behind[: unit.start]}{unit.text}".strip()
    return unit._replace(text=printed, factor=unit.factor * _times(scale["scale"]), end=end + unit.end)


def _times(word: str | None) -> float:
    lower = (word or "").lower()
    if lower in ("bn", "billion"):
        return 1e9
    return {"m": 1e6, "k": 1e3, "t": 1e3}.get(lower[:1], 1.0)


def period_of(text: str, start: int, end: int, year: int | None) -> Period | None:
    """The only year of the sentence, of name and figure, or right behind; `year` where it names none."""
    named = [
        p
        for p in periods.find(text)
        if not phrases.is_compared(text, p.start, p.end) and not phrases.is_left_behind(text, p.start)
    ]
    found = [p for p in named if not phrases.is_earlier(text, end, p.start, p.end)]
    if not found:
        if any(year is None or p.year >= year for p in named):
            return None
        return Period("", year) if year else None
    if periods.differ(found):
        own = [p for p in found if p.start >= end and text[end : p.start].strip() in ("(", "(in")]
        within = [p for p in found if start <= p.start < end]
        found = (
            own[:1] or within or [p for p in found if phrases.is_behind(text[end : max(end, p.start)])][:1]
        )
    return None if not found or periods.differ(found) or found[0].is_partial else found[0]


def assumed(figure: Figure) -> Figure:
    """Say so where no one names the year."""
    return figure if figure.period.text else replace(figure, flags=(*figure.flags, "period_assumed"))


def quote_of(sentence: Sentence, start: int, end: int) -> Span:
    """The words to quote around two places of a sentence."""
    return quote_span(sentence.span, sentence.raw, min(start, end), max(start, end))


@dataclass(frozen=True, slots=True)
class Compared:
    """The figure of an earlier year to which a sentence compares another, in the KPI's unit."""

    number: Number
    unit: units.Unit
    value: float
    period: Period


def compared(text: str, quantity: Quantity, end: int, year: int, style: Style | None) -> Compared | None:
    """Read the figure of the year before around one of `year` that ends at `end`.

    It is in the same unit or one of its own; what differs by a power of ten is left out.
    """
    before = phrases.previous(text, quantity.number.start, end)
    number = before and numbers.only(before.digits, style)
    if before is None or number is None:
        return None
    unit = unit_behind(text, before.end, quantity.unit.dimension) or quantity.unit
    value, now = value_of(number, unit), value_of(quantity.number, quantity.unit)
    if value and now and max(value / now, now / value) >= _JUMP:
        return None
    named = periods.only(before.period)
    return Compared(number, unit, value, Period(before.period, named.year if named else year - 1))
