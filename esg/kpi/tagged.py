"""Facts of inline XBRL → figures of the first rank, each with the row or sentence that its tag stands in.

A fact says what it is, when and in which unit, so nothing is guessed; one of a part of the group, of a
quarter or that is printed nowhere is no figure. What the print around it says else is flagged.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from esg.chunk import sentences
from esg.domain import Fact, Page, Span
from esg.kpi import concepts, lexicon, numbers
from esg.kpi.context import captions
from esg.kpi.figure import Figure, agree, in_unit
from esg.kpi.lexicon import Entry
from esg.kpi.numbers import Style
from esg.kpi.periods import Period
from esg.kpi.prose import unit_behind
from esg.kpi.quote import quote_span
from esg.kpi.tables import value_at
from esg.rubric import fold

_RANK = -1  # before a labelled table row
_YEAR = (350, 380)  # days: 52 and 53 weeks are a year, too
_FOCUS = ":DocumentFiscalYearFocus"
_OF_TAG, _DISAGREES = "ixbrl", "contradicts_print"


def read_tagged(
    page: Page, facts: Sequence[Fact], *, shift: int, style: Style | None, company: str
) -> list[Figure]:
    """Read the figures that the facts printed on a page are; `shift` is that of `year_shift`."""
    found = (_figure(page, fact, fact.place, shift) for fact in facts if fact.place)
    return [_checked(page, place, figure, style, company) for place, figure in filter(None, found)]


def by_page(facts: Sequence[Fact]) -> dict[int, list[Fact]]:
    """The facts that are printed, by their page."""
    pages: dict[int, list[Fact]] = {}
    for fact in facts:
        if fact.place:
            pages.setdefault(fact.place.page, []).append(fact)
    return pages


def year_shift(facts: Sequence[Fact]) -> int:
    """What turns the year a period ends in into the fiscal year: -1 where "2023" ends in January 2024."""
    focus = next((fact for fact in facts if fact.concept.endswith(_FOCUS) and fact.end), None)
    if focus is None or not focus.value.isdecimal():
        return 0
    shift = int(focus.value) - date.fromisoformat(focus.end).year
    return shift if shift in (-1, 1) else 0


def joined(tagged: Sequence[Figure], printed: Sequence[Figure]) -> list[Figure]:
    """Both kinds of readings, of a figure that is tagged the tag's alone, flagged where they differ."""
    alone = [p for p in printed if not any(_is_same(t, p) for t in tagged)]
    differs = (any(_is_same(t, p) and not agree(t.value, p.value) for p in printed) for t in tagged)
    return [*(_flagged(t) if differ else t for t, differ in zip(tagged, differs, strict=True)), *alone]


def _is_same(tagged: Figure, printed: Figure) -> bool:
    """Whether two readings are of one printed figure."""
    one, other = tagged.quote, printed.quote
    overlap = one.page == other.page and one.start < other.end and other.start < one.end
    is_one = tagged.raw_value == printed.raw_value and tagged.year == printed.year
    return overlap and is_one and lexicon.entry_of(tagged.key) is lexicon.entry_of(printed.key)


# -- one fact ---------------------------------------------------------------------------------------------


def _figure(page: Page, fact: Fact, place: Span, shift: int) -> tuple[Span, Figure] | None:
    concept = concepts.concept(fact)
    if concept is None or fact.number is None or fact.number < 0:
        return None
    entry = lexicon.entry_of(concept.kpi)
    factor = concepts.factor(fact, entry.dimension)
    year = _fiscal_year(fact, shift)
    if factor is None or year is None:
        return None
    around = _around(page, place)
    text = page.text[around.start : around.end]
    return place, Figure(
        key=concept.kpi,
        value=in_unit(fact.number, factor),
        unit=entry.unit,
        raw_value=page.text[place.start : place.end],
        raw_unit=_printed_unit(fact, entry),
        period=Period("", year, 0, 0),
        method=concept.method,
        boundary="",
        quote=quote_span(around, text, place.start - around.start, place.end - around.start),
        rank=_RANK,
        is_second=concept.second,
        flags=(_OF_TAG,),
    )


def _fiscal_year(fact: Fact, shift: int) -> int | None:
    """The year of an instant or of a period of about a year, None for any other period."""
    if not fact.end:
        return None
    end = date.fromisoformat(fact.end)
    days = (end - date.fromisoformat(fact.start)).days + 1 if fact.start else _YEAR[0]
    return end.year + shift if _YEAR[0] <= days <= _YEAR[1] else None


def _printed_unit(fact: Fact, entry: Entry) -> str:
    local = fact.unit[0].rpartition(":")[2]
    return "%" if entry.dimension == "share" else "" if local == "pure" else local


def _around(page: Page, place: Span) -> Span:
    """The table row or the sentence that a place stands in."""
    rows = (row for table in page.tables for row in table.rows if row)
    for row in rows:
        if row[0].start <= place.start < row[-1].end:
            return Span(page.number, row[0].start, row[-1].end)
    blocks = (block for block in page.blocks if block.start <= place.start < block.end)
    found = (
        Span(page.number, start, end)
        for block in blocks
        for start, end in sentences(page.text, block.start, block.end)
        if start <= place.start < end
    )
    return next(found, place)


# -- against the print ------------------------------------------------------------------------------------


def _checked(page: Page, place: Span, figure: Figure, style: Style | None, company: str) -> Figure:
    said = _said(page, place, figure, style, company)
    return figure if said is None or agree(said, figure.value) else _flagged(figure)


def _flagged(figure: Figure) -> Figure:
    return figure if _DISAGREES in figure.flags else replace(figure, flags=(*figure.flags, _DISAGREES))


def _said(page: Page, place: Span, figure: Figure, style: Style | None, company: str) -> float | None:
    """What print and the unit printed with it say, in the KPI's unit; None where they say nothing sure."""
    entry = lexicon.entry_of(figure.key)
    for table, caption in zip(page.tables, captions(page), strict=True):
        if table.start <= place.start < table.end:
            return value_at(page, table, entry, place, style=style, caption=caption, company=company)
    number = numbers.only(figure.raw_value, style)
    line = page.text.find("\n", place.end)
    behind = fold(page.text[place.end : line if line >= 0 else None])
    unit = unit_behind(behind, 0, entry.dimension)
    return in_unit(number.value, unit.factor) if number and unit and not number.is_ambiguous else None
