"""A table's element → rows of entries in logical columns, each with the path of headers above it.

Reports set "$", the figure and ")" in columns of their own, with empty ones between for the looks, and let
a header span all of them. So physical columns are only positions: entries that lie over each other form a
column.
"""

from bisect import bisect_left
from collections.abc import Callable
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from esg.extract.html.cells import Spot, read_spots
from esg.extract.html.figures import is_figure, is_mark, is_prefix, is_suffix, is_year
from esg.extract.html.marks import Mark, Tags, behind
from esg.extract.html.style import Sheet, Style

__all__ = ["Entry", "Grid", "is_mark", "read_grid"]

_MAX_HEADER_ROWS = 8  # more are no headers

Interval = tuple[int, int]  # first and last physical column


class Entry(NamedTuple):
    column: int
    text: str
    bold: bool
    header: tuple[str, ...]
    marks: tuple[Mark, ...] = ()


class Grid(NamedTuple):
    caption: str
    rows: tuple[tuple[Entry, ...], ...]
    columns: int
    hidden: int = 0  # letters that no reader sees

    @property
    def longest(self) -> int:
        return max((len(entry.text) for row in self.rows for entry in row), default=0)

    @property
    def is_data(self) -> bool:
        """Whether columns mean something: more than one line, and not just marks beside lines."""
        is_list = all(len(row) <= 2 and is_mark(row[0].text) for row in self.rows)
        return self.columns >= 2 and len(self.rows) >= 2 and not is_list


def read_grid(table: LexborNode, sheet: Sheet, style: Style, tags: Tags) -> Grid:
    """Read a table that holds no other table."""
    caption, spots, hidden = read_spots(table, sheet, style, tags)
    rows = [joined for row in spots if (joined := _join_affixes(row))]
    columns = _columns(rows)
    placed = [_placed(row, columns) for row in rows]
    headers = min(_header_rows(placed), _MAX_HEADER_ROWS)
    paths = [[_path(column, rows[:depth]) for column in columns] for depth in range(headers + 1)]
    entries = [
        tuple(
            Entry(at, spot.text, spot.bold, paths[min(number, headers)][at], spot.marks) for at, spot in row
        )
        for number, row in enumerate(placed)
    ]
    return Grid(caption, tuple(entries), len(columns), hidden)


# -- affixes ----------------------------------------------------------------------------------------------


def _join_affixes(row: list[Spot]) -> list[Spot]:
    """Put "$" and "(" before, ")" and "%" behind the figure that they belong to."""
    joined: list[Spot] = []
    for spot in row:
        if joined and spot.first - joined[-1].last <= 2 and _belong_together(joined[-1].text, spot.text):
            spot = _behind(joined.pop(), spot, "")
        joined.append(spot)
    return joined


def _behind(before: Spot, spot: Spot, gap: str) -> Spot:
    """Two spots as one, of the second one's looks."""
    marks = (*before.marks, *behind(before.text, spot.marks))
    return spot._replace(first=before.first, text=f"{before.text}{gap}{spot.text}", marks=marks)


def _belong_together(left: str, right: str) -> bool:
    return (is_prefix(left) and is_figure(right)) or (is_suffix(right) and is_figure(left))


# -- columns ----------------------------------------------------------------------------------------------


def _columns(rows: list[list[Spot]]) -> list[Interval]:
    """The logical columns: intervals of physical ones that the entries share, narrow entries first.

    An entry over two columns spans them and forms none; a line of its own says nothing about columns.
    """
    intervals = {(spot.first, spot.last) for row in rows if len(row) > 1 for spot in row}
    columns: list[Interval] = []
    for first, last in sorted(intervals, key=lambda interval: (interval[1] - interval[0], interval)):
        under = [column for column in columns if _overlap(column, (first, last))]
        if len(under) == 1:
            columns.remove(under[0])
            columns.append((min(first, under[0][0]), max(last, under[0][1])))
        elif not under:
            columns.append((first, last))
    return sorted(columns) or [(0, 0)]


def _overlap(one: Interval, other: Interval) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _placed(row: list[Spot], columns: list[Interval]) -> list[tuple[int, Spot]]:
    """Give each entry its logical column; two in one column become one entry."""
    placed: list[tuple[int, Spot]] = []
    ends = [last for _, last in columns]
    for spot in row:
        at = min(
            bisect_left(ends, spot.first), len(columns) - 1
        )  # the first that it lies over, else the next
        if placed and placed[-1][0] >= at:
            at, before = placed.pop()
            spot = _behind(before, spot, " ")
        placed.append((at, spot))
    return placed


# -- headers ----------------------------------------------------------------------------------------------


def _header_rows(rows: list[list[tuple[int, Spot]]]) -> int:
    """How many rows at the top are headers."""
    marked = _leading(rows, lambda row: all(spot.is_header for _, spot in row))
    if marked:
        return marked if marked < len(rows) else 0
    if any(_holds_figures(row) for row in rows):
        untitled = _leading(rows, lambda row: not _holds_figures(row))
        return _last_with_columns(rows[:untitled])
    return int(len(rows) > 1 and all(spot.bold for _, spot in rows[0]) and len(rows[0]) > 1)


def _leading(rows: list[list[tuple[int, Spot]]], test: Callable[[list[tuple[int, Spot]]], bool]) -> int:
    return next((number for number, row in enumerate(rows) if not test(row)), len(rows))


def _holds_figures(row: list[tuple[int, Spot]]) -> bool:
    """Whether a row says a figure about what its first column names; years and names of columns do not."""
    return any(at > 0 and is_figure(spot.text) and not is_year(spot.text) for at, spot in row)


def _last_with_columns(rows: list[list[tuple[int, Spot]]]) -> int:
    """Rows that only say something on the left ("Assets:") head a section, not the columns."""
    numbers = [number for number, row in enumerate(rows, 1) if any(at > 0 for at, _ in row)]
    return max(numbers, default=0)


def _path(column: Interval, headers: list[list[Spot]]) -> tuple[str, ...]:
    """What stands above a column, outermost first."""
    above = (spot.text for row in headers for spot in row if _overlap(column, (spot.first, spot.last)))
    return tuple(dict.fromkeys(above))
