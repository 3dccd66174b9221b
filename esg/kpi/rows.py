"""A table → its rows: label, unit, figures and the section that a row of its own opened."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from esg.domain import Cell, Page, Span, Table
from esg.kpi import lexicon, numbers, periods, units
from esg.kpi.numbers import Number, Style

_NO_FIGURE = re.compile(
    r"(?:n\.?/?\.?a\.?|k\.? ?a\.?|n\.?m\.?|n\.?d\.?|[-–—.…*]+|"
    r"not (?:measured|available|applicable|reported|disclosed|assessed|calculated|included|recorded|known))",
    re.IGNORECASE,
)
_BEFORE_FIGURE = re.compile(
    r"[\W_]*(?:approx\.?|ca\.?|c\.|about|around|over|>|<|~|€|\$|£)?[\W_]*", re.IGNORECASE
)
_UNITS = re.compile(
    r"units?(?: of measure(?:ment)?)?|measure|uom|einheit|unit[àa](?: di misura)?", re.IGNORECASE
)
_NAMED = re.compile(r"[^\d]*[^\W\d_]{2}")  # words before a number: "Category 3.1" is no figure
_ZEROS = "000"  # of "000 tonnes": a unit
_UNIT_WORDS = 5  # a cell of more words is no unit


@dataclass(frozen=True, slots=True)
class Row:
    """`place` is its number, `unit` has its own cell, `section` is the last row with only a label."""

    place: int
    label: str
    unit: str
    cells: tuple[tuple[Cell, Number], ...]
    section: str
    span: Span
    text: str


def rows(page: Page, table: Table, style: Style | None) -> Iterator[Row]:
    """Give the rows that hold figures."""
    section = ""
    heads = _header_rows(table)
    columns = _column_styles(page, table)
    style = style or numbers.style_of(cell_text(page, cell) for row in table.rows for cell in row)
    for place, cells in enumerate(table.rows):
        own = numbers.style_of(text for cell in cells if not _NAMED.match(text := cell_text(page, cell)))
        styles = [own or columns.get(cell.column) or style for cell in cells]
        row = _row(page, place, cells, section, styles) if cells else None
        if row and row.cells and place >= heads:
            yield row
        elif row and _opens_section(row, place >= heads, len(cells)):
            section = f"{row.label} {row.unit}".strip()


def _opens_section(row: Row, is_body: bool, cells: int) -> bool:
    """Whether a row is but a label, below the header perhaps with the unit of the rows that follow."""
    is_bare = cells == 1 or (is_body and row.unit and cells == 2)
    return bool(row.label and is_bare and not periods.find(row.label))


def _column_styles(page: Page, table: Table) -> dict[int, Style | None]:
    """How each column writes its figures: a neighbour's, as of a chart beside it, says nothing of them."""
    texts: dict[int, list[str]] = {}
    for row in table.rows:
        for cell in row:
            texts.setdefault(cell.column, []).append(cell_text(page, cell))
    return {column: numbers.style_of(cells) for column, cells in texts.items()}


def _header_rows(table: Table) -> int:
    """How many rows head the columns: those before the first cell under a header."""
    heads = [not any(cell.header for cell in row) for row in table.rows]
    return heads.index(False) if False in heads else 0


def last_section(page: Page, table: Table) -> str:
    """The label of a table's last row where that has nothing but a label: often the next table's title."""
    cells = table.rows[-1] if table.rows else ()
    return cell_text(page, cells[0]) if len(cells) == 1 else ""


def _row(page: Page, place: int, cells: Sequence[Cell], section: str, styles: Sequence[Style | None]) -> Row:
    label: list[str] = []
    unit, figures = "", []
    for cell, style in zip(cells, styles, strict=True):
        text = cell_text(page, cell)
        is_name = not label and len(cells) > 1 and cell is cells[0]
        number = None if is_name or _is_of_units(cell) else figure(text, style)
        if number:
            figures.append((cell, number))
        elif figures or not text or _NO_FIGURE.fullmatch(text):
            continue
        elif label and _is_unit(text):
            unit = text
        else:
            label.append(text)
    span = Span(page.number, cells[0].start, cells[-1].end)
    text = page.text[span.start : span.end]
    return Row(place, " ".join(label), unit, tuple(figures), section, span, text)


def figure(text: str, style: Style | None) -> Number | None:
    """Read a cell that holds one figure, with nothing before it and no more than a unit behind it."""
    number = numbers.in_cell(text, style)
    if number is None or number.text == _ZEROS or not _BEFORE_FIGURE.fullmatch(text[: number.start]):
        return None
    rest = lexicon.clean(text[number.end :])
    return number if lexicon.is_header(rest) else None


def _is_of_units(cell: Cell) -> bool:
    """Whether a cell's column holds units: "1,000 t" is no figure there."""
    return bool(cell.header and _UNITS.fullmatch(cell.header[-1].strip()))


def _is_unit(text: str) -> bool:
    """Whether a cell is a unit: "t CO2e", "in % of sales"; "Hazardous waste (t)" is a second label."""
    bare = lexicon.clean(text)
    is_short = len(bare.split()) <= _UNIT_WORDS
    starts = [unit.start for d in units.DIMENSIONS if (unit := units.find(bare, d))]
    is_first = any(lexicon.is_header(bare[:start]) for start in starts)
    return is_short and is_first and lexicon.name(bare) is None


def cell_text(page: Page, cell: Cell) -> str:
    return page.text[cell.start : cell.end].strip()
