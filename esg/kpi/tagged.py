"""Facts of inline XBRL → figures of the first rank, each with the row or sentence that its tag stands in.

A fact says what it is, when and in which unit, so nothing is guessed; one of a part of the group, of a
quarter or that is printed nowhere is no figure. What the print around it says else is flagged.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from esg.chunk import sentences
from esg.domain import YEARS, Fact, Page, Span
from esg.kpi import concepts, lexicon, numbers, units
from esg.kpi.cite import is_running
from esg.kpi.figure import Figure, agree, in_unit, value_of
from esg.kpi.lexicon import Entry
from esg.kpi.numbers import Style
from esg.kpi.periods import Period
from esg.kpi.prose import unit_behind
from esg.kpi.quote import quote_span
from esg.kpi.tables import value_at
from esg.rubric import fold

_RANK = -1  # before a labelled table row
_SET_APART = 6  # blocks before a lone figure in which its name is looked for
_FOCUS = ":DocumentFiscalYearFocus"
_OF_TAG, _DISAGREES = "ixbrl", "contradicts_print"


@dataclass(frozen=True, slots=True)
class Told:
    """A printed figure and what its tag says that it is."""

    place: Span
    raw_value: str
    entry: Entry
    year: int | None  # None for a period that is no year


def read_tagged(
    page: Page,
    facts: Sequence[Fact],
    *,
    repeated: Collection[Fact],
    shift: int,
    called: Sequence[str],
    style: Style | None,
    company: str,
) -> tuple[list[Figure], list[Told]]:
    """Read what the facts printed on a page say: its figures, and which others are none.

    `repeated` facts only round what others say, `shift` is that of `year_shift`, `called` what each table of
    the page is called.
    """
    figures, denied = [], []
    for fact in facts:
        if fact.place is None:
            continue
        if fact not in repeated and (figure := _figure(page, fact, fact.place, shift)):
            figures.append(_checked(page, fact.place, figure, called, style, company))
        elif found := _denied(page, fact, fact.place, shift, is_repeated=fact in repeated):
            denied.append(found)
    return figures, denied


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


# -- one fact ---------------------------------------------------------------------------------------------


def _figure(page: Page, fact: Fact, place: Span, shift: int) -> Figure | None:
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
    return Figure(
        key=concept.kpi,
        value=in_unit(fact.number, factor),
        unit=entry.unit,
        raw_value=page.text[place.start : place.end],
        raw_unit=_printed_unit(fact, entry),
        period=Period("", year),
        method=concept.method,
        boundary="",
        quote=quote_span(around, text, place.start - around.start, place.end - around.start),
        rank=_RANK,
        is_second=concept.second,
        flags=(_OF_TAG,),
    )


def _denied(page: Page, fact: Fact, place: Span, shift: int, *, is_repeated: bool) -> Told | None:
    """What a fact of a KPI's concept denies: it is of a part, of a quarter, a ratio or said better elsewhere.

    A unit that nobody knows denies nothing.
    """
    whole, year = concepts.concept(replace(fact, dimensions=())), _fiscal_year(fact, shift)
    is_part, is_short = concepts.concept(fact) is None, bool(fact.end) and year is None
    is_other = is_repeated or is_part or is_short or fact.per
    if whole is None or fact.number is None or not is_other:
        return None
    return Told(place, page.text[place.start : place.end], lexicon.entry_of(whole.kpi), year)


def _fiscal_year(fact: Fact, shift: int) -> int | None:
    """The year of an instant or of a period of about a year, None for any other period."""
    if not fact.end or (fact.start and not fact.is_annual):
        return None
    year = date.fromisoformat(fact.end).year + shift
    return year if YEARS[0] <= year <= YEARS[1] else None


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
    return _with_words(page, next(found, place))


def _with_words(page: Page, span: Span) -> Span:
    """A figure that is set apart (each cell of a table in a block of its own) with what stands before it."""
    before = [block for block in page.blocks if block.end <= span.start][-_SET_APART:]
    for block in reversed(before):
        has_words = any(map(str.isalpha, page.text[span.start : span.end]))
        if has_words or is_running(page, block.start, block.end):
            break
        span = span._replace(start=block.start)
    return span


# -- against the print ------------------------------------------------------------------------------------


def _checked(
    page: Page, place: Span, figure: Figure, called: Sequence[str], style: Style | None, company: str
) -> Figure:
    said = _said(page, place, figure, called, style, company)
    return figure if said is None or agree(said, figure.value) else flagged(figure)


def flagged(figure: Figure) -> Figure:
    return figure if _DISAGREES in figure.flags else replace(figure, flags=(*figure.flags, _DISAGREES))


def _said(
    page: Page, place: Span, figure: Figure, called: Sequence[str], style: Style | None, company: str
) -> float | None:
    """What print and the unit printed with it say, in the KPI's unit; None where they say nothing sure.

    People and rates need no unit to be read, so theirs proves nothing.
    """
    entry = lexicon.entry_of(figure.key)
    if entry.dimension not in (*units.PHYSICAL, "share"):
        return None
    for table, caption in zip(page.tables, called, strict=True):
        if table.start <= place.start < table.end:
            return value_at(page, table, entry, place, style=style, caption=caption, company=company)
    number = numbers.only(figure.raw_value, style)
    line = page.text.find("\n", place.end)
    behind = fold(page.text[place.end : line if line >= 0 else None])
    unit = unit_behind(behind, 0, entry.dimension)
    return value_of(number, unit) if number and unit and not number.is_ambiguous else None
