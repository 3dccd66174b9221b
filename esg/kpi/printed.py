"""A table → its figures as printed: each in its cell, its year and all that stands around it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from esg.domain import Cell, Page, Span, Table
from esg.kpi import context as around
from esg.kpi import lexicon, periods, units
from esg.kpi.context import Context
from esg.kpi.headers import headers
from esg.kpi.numbers import Number
from esg.kpi.periods import Period
from esg.kpi.quote import quote_span
from esg.kpi.rows import Row, cell_text

_BASE = re.compile(r"\bbase(?:line)?\b", re.IGNORECASE)
_KINDS = re.compile(
    r"(?:region|countr(?:y|ie)|segment|division|site|plant|branch|business unit)s?", re.IGNORECASE
)
_BY_WHAT = re.compile(r"\bby (?:(?:and|&) |[a-z]+ ?(?:/ ?)?){1,4}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Printed:
    """`year` stands in where nothing around a table of one column names any."""

    page: Page
    row: Row
    cell: Cell
    number: Number
    context: Context
    year: int | None

    @property
    def behind(self) -> str:
        """What follows the number in its cell."""
        return cell_text(self.page, self.cell)[self.number.end :]

    @property
    def quote(self) -> Span:
        """The words of the row to quote."""
        start = self.cell.start - self.row.span.start
        return quote_span(self.row.span, self.row.text, start, start + self.number.end)

    @property
    def period(self) -> Period | None:
        """The column's year, else the row's, else the one year that the section, title or heading names.

        In a table of one column around which no year stands at all, it is the document's.
        """
        context = self.context
        for text in (context.header, context.label):
            if found := periods.find(text):
                return None if periods.differ(found) or found[0].is_partial else found[0]
        for text in (context.section, context.head, context.caption):
            if only := periods.only(text):
                return only
        is_dated = any(periods.find(text) or _BASE.search(text) for text in context.near)
        return None if self.year is None or is_dated else Period("", self.year)


def printed_in(
    page: Page, table: Table, found: Sequence[Row], *, caption: str, company: str, year: int | None
) -> list[Printed]:
    """The figures of a table's rows, each with what stands around it."""
    headings = around.headings_above(page, table.start)
    columns = headers(page, table, company)
    alone = year if all(len(row.cells) == 1 for row in found) else None
    printed = []
    for row in found:
        over = columns[row.place]
        label = lexicon.without(row.label, company)
        for cell, number in row.cells:
            header = over.get(cell.column, "")
            context = Context(label, header, row.section, over.get(0, ""), caption, headings)
            printed.append(Printed(page, row, cell, number, context, alone))
    return printed


def is_part(context: Context) -> bool:
    """Whether what stands around speaks of a part; "by region" does not, "by region: Europe" does."""
    head = "" if is_total(context.label) and _KINDS.fullmatch(context.head) else context.head
    around_it = " | ".join((context.header, context.section, head, context.caption))
    return lexicon.names_part(_BY_WHAT.sub(" ", around_it))


def is_total(label: str) -> bool:
    bare = units.without(lexicon.clean(periods.without(label)))
    return lexicon.says_total(bare) and lexicon.is_generic(bare)
