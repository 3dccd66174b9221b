"""A sheet → a page: its text, and where each word of it is printed on a virtual sheet of paper.

The layout is one column with tables set in columns; it exists so that a quote can be shown where it stands,
and `render` paints exactly this.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from esg.domain import Block, BlockKind, Box, Cell, Legibility, Page, Span, Table, Word
from esg.extract.html.advances import SPACE, width
from esg.extract.html.flow import Prose, Tabular
from esg.extract.html.grid import Entry, Grid
from esg.extract.html.marks import Mark, places
from esg.extract.html.paginate import Content

WIDTH, HEIGHT = 612.0, 792.0  # US Letter, in points; a longer sheet is taller
_MARGIN = 48.0
_SIZE = 9.0
_LEADING = 1.3
_BOX_HEIGHT = 1.2  # of the font size
_HEADING_SIZES = (18.0, 15.0, 13.0, 11.5, 10.5, 10.0)
_INDENT = 14.0  # of a list
_LONGEST_CAPTION = 250  # characters
_GAP = 6.0  # between blocks
_ROOM = WIDTH - 2 * _MARGIN
_COLUMN_GAP = 8.0
_MAX_GAPS = 0.25  # of the room between the margins
_MIN_COLUMN = 60.0  # what a column is given before the print gets smaller
_MIN_TABLE_SIZE = 4.0
_SHORT = 100  # letters that may fit a line
_WORD = re.compile(r"\S+")


class Line(NamedTuple):
    """Where and how text goes: left edge, usable width, font size, weight."""

    left: float
    width: float
    size: float
    bold: bool = False


class Printed(NamedTuple):
    """A page, and where on it each tag's text stands: (number of the tag, place), in reading order."""

    page: Page
    tags: list[tuple[int, Span]]


def lay_out(sheet: Sequence[Content], *, document_id: str, number: int, label: str) -> Printed:
    """Set a sheet's content from top to bottom."""
    setter = _Setter()
    for before, content in zip([None, *sheet], sheet, strict=False):
        setter.set(content, before=before)
    tags = [(tag, Span(number, start, end)) for tag, start, end in setter.tags]
    return Printed(setter.page(document_id, number, label), tags)


class _Setter:
    def __init__(self) -> None:
        self.tags: list[tuple[int, int, int]] = []  # (number, start, end)
        self._texts: list[str] = []
        self._at = 0  # characters of text so far
        self._y = _MARGIN
        self._words: list[Word] = []
        self._blocks: list[Block] = []
        self._tables: list[Table] = []

    def page(self, document_id: str, number: int, label: str) -> Page:
        return Page(
            document_id,
            number,
            label,
            WIDTH,
            max(HEIGHT, round(self._y + _MARGIN, 2)),
            "".join(self._texts),
            tuple(self._words),
            tuple(self._blocks),
            tuple(self._tables),
            "",
            Legibility.TEXT,
        )

    def set(self, content: Content, *, before: Content | None) -> None:
        """Set one piece; `before` is what stands above it."""
        if self._at:
            self._write("\n")
        first_word, start = len(self._words), self._at
        if isinstance(content, Tabular):
            self._set_table(content.grid, content.grid.caption or _caption(before))
            kind, level = BlockKind.TABLE, 0
        else:
            self._set_prose(content)
            kind, level = content.kind, content.level
        box = bounds([word.box for word in self._words[first_word:]])
        self._blocks.append(Block(kind, start, self._at, box, level))
        self._y += _GAP

    def _write(self, text: str, marks: Sequence[Mark] = ()) -> int:
        """Add to the page's text; return where it starts."""
        start = self._at
        self.tags += [(tag, start + first, start + last) for tag, first, last in places(text, marks)]
        self._texts.append(text)
        self._at += len(text)
        return start

    # -- prose --------------------------------------------------------------------------------------------

    def _set_prose(self, prose: Prose) -> None:
        line = _line_of(prose)
        start = self._write(prose.text, prose.marks)
        self._y = self._set_words(prose.text, start, line, self._y)

    def _set_words(self, text: str, start: int, line: Line, top: float) -> float:
        """Set words from `top` in as many lines as they need; return the y below them."""
        x, y = line.left, top
        for place, broken in _words(text, line):
            advance = width(text[place.start : place.stop], bold=line.bold) * line.size
            if x > line.left and (broken or x + advance > line.left + line.width):
                x, y = line.left, y + line.size * _LEADING
            self._words.append(_word(start, place, x, y, advance, line.size))
            x += advance + SPACE * line.size
        return y + line.size * _LEADING

    # -- tables -------------------------------------------------------------------------------------------

    def _set_table(self, grid: Grid, caption: str) -> None:
        start = self._at
        columns, size = _fit_columns(grid)
        rows = []
        for number, row in enumerate(grid.rows):
            if number:
                self._write("\n")
            rows.append(self._set_row(number, row, columns, size))
        self._tables.append(Table(start, self._at, caption, tuple(rows)))

    def _set_row(
        self, number: int, row: tuple[Entry, ...], columns: list[Line], size: float
    ) -> tuple[Cell, ...]:
        cells, below = [], [self._y + size * _LEADING]
        for at, entry in enumerate(row):
            if at:
                self._write("\t")
            start = self._write(entry.text, entry.marks)
            line = _place(columns, row, at)
            below.append(self._set_words(entry.text, start, line, self._y))
            cells.append(Cell(number, entry.column, start, self._at, entry.header))
        self._y = max(below)
        return tuple(cells)


def _caption(before: Content | None) -> str:
    """What stands above a table and is short enough to say what it shows."""
    return before.text if isinstance(before, Prose) and len(before.text) <= _LONGEST_CAPTION else ""


def _line_of(prose: Prose) -> Line:
    if prose.kind is BlockKind.HEADING:
        return Line(_MARGIN, _ROOM, _HEADING_SIZES[min(max(prose.level, 1), 6) - 1], bold=True)
    indent = _INDENT if prose.kind is BlockKind.LIST else 0.0
    return Line(_MARGIN + indent, _ROOM - indent, _SIZE)


def _words(text: str, line: Line) -> Iterator[tuple[slice, bool]]:
    """The words of a text, and whether a line was broken before each; one wider than a line is cut."""
    for match in _WORD.finditer(text):
        start, end = match.span()
        broken = start > 0 and text[start - 1] == "\n"
        while start < end:
            stop = _fitting(text, start, end, line)
            yield slice(start, stop), broken
            start, broken = stop, True


def _fitting(text: str, start: int, end: int, line: Line) -> int:
    """How far a word goes before it fills a line, at least one letter."""
    if end - start <= _SHORT and width(text[start:end], bold=line.bold) * line.size <= line.width:
        return end
    room, stop = line.width / line.size, start
    while stop < end and (room := room - width(text[stop], bold=line.bold)) >= 0:
        stop += 1
    return max(stop, start + 1)


def _word(start: int, place: slice, x: float, y: float, advance: float, size: float) -> Word:
    box = Box(round(x, 2), round(y, 2), round(min(x + advance, WIDTH), 2), round(y + size * _BOX_HEIGHT, 2))
    return Word(start + place.start, start + place.stop, box)


def _fit_columns(grid: Grid) -> tuple[list[Line], float]:
    """Give each column the width its longest entry wants, as far as there is room, in a size that fits."""
    gap = min(_COLUMN_GAP, _MAX_GAPS * _ROOM / grid.columns)
    room = _ROOM - gap * (grid.columns - 1)
    wanted = _wanted(grid)
    needed = [min(want, _MIN_COLUMN / _SIZE) for want in wanted]  # in font sizes
    size = min(_SIZE, max(_MIN_TABLE_SIZE, room / sum(needed)))
    widths = _shared([want * size for want in wanted], room)
    lefts = accumulate((wide + gap for wide in widths[:-1]), initial=_MARGIN)
    return [Line(left, wide, size) for left, wide in zip(lefts, widths, strict=True)], size


def _wanted(grid: Grid) -> list[float]:
    """The width of the longest entry of each column, in font sizes; of one over many, its longest word's."""
    wanted = [1.0] * grid.columns
    for row in grid.rows:
        for at, entry in enumerate(row):
            following = row[at + 1].column if at + 1 < len(row) else grid.columns
            texts = [entry.text] if following - entry.column == 1 else entry.text.split()
            longest = max(map(width, texts)) + 0.1 if len(row) > 1 else 0.0
            wanted[entry.column] = max(wanted[entry.column], longest)
    return wanted


def _shared(wanted: list[float], room: float) -> list[float]:
    """Share a width: columns that want less than their fair share get it, the others part what remains."""
    widths = [0.0] * len(wanted)
    for served, at in enumerate(sorted(range(len(wanted)), key=wanted.__getitem__)):
        widths[at] = min(wanted[at], (room - sum(widths)) / (len(wanted) - served))
    return widths


def _place(columns: list[Line], row: tuple[Entry, ...], at: int) -> Line:
    """The place of an entry: its column and empty ones up to the next entry, or up to the margin."""
    line = columns[row[at].column]
    if at + 1 == len(row):
        return line._replace(width=WIDTH - _MARGIN - line.left)
    last = columns[row[at + 1].column - 1]
    return line._replace(width=last.left + last.width - line.left)


def bounds(boxes: Sequence[Box]) -> Box:
    """The smallest box around some boxes."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return Box(min(x0), min(y0), max(x1), max(y1))
