"""Pieces of one table → its columns: figures stand above one another, labels share their left edge."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from esg.extract.lines import Line
from esg.extract.pieces import Piece, Row
from esg.extract.values import Kind

COLUMN_OVERLAP = 0.25  # of the narrower of two figures, for them to stand in one column
START_EM = 0.8  # labels that start this near to one another stand in one column; indents are wider
CROSSED_SHARE = 0.4  # of the rows, that may run through the start of a column
ALIGNED_EM = 1.0  # how far a cell may stick out of a column of figures
CLEAR_EM = 2.0  # from where labels start, for words not to be one
FAR_EM = 20.0  # how far words that end with the column may reach to its left


class Column(NamedTuple):
    x0: float
    x1: float
    figures: bool

    @property
    def centre(self) -> float:
        return (self.x0 + self.x1) / 2


class GridCell(NamedTuple):
    """What stands in one cell, from top to bottom, and the cells of the header over it, outermost first."""

    column: int
    lines: list[Line]
    header: tuple["GridCell", ...] = ()


class Grid(NamedTuple):
    """A table as printed: the rows of its header, then those of its body."""

    rows: list[list[GridCell]]
    heads: int

    @property
    def lines(self) -> list[Line]:
        return [line for row in self.rows for cell in row for line in cell.lines]


def find_columns(rows: Sequence[Row]) -> list[Column]:
    """Find the columns of the rows that hold figures, from left to right."""
    figures = figure_columns(piece for row in rows for piece in row.pieces)
    starts = _label_starts(rows, figures)
    labels = [Column(start, start, figures=False) for start in starts]
    return sorted([*figures, *labels], key=lambda column: column.x0)


def figure_columns(pieces: Iterable[Piece]) -> list[Column]:
    """Join figures that overlap into columns; periods make columns only where nothing else does."""
    figures = [piece for piece in pieces if piece.is_figure]
    plain = [piece for piece in figures if piece.kind is not Kind.PERIOD]
    columns: list[Column] = []
    for piece in sorted(plain or figures, key=lambda piece: piece.line.x0):
        x0, x1 = piece.line.x0, piece.line.x1
        last = columns[-1] if columns else None
        if last and last.x1 - x0 > COLUMN_OVERLAP * min(last.x1 - last.x0, x1 - x0):
            columns[-1] = Column(last.x0, max(last.x1, x1), figures=True)
        else:
            columns.append(Column(x0, x1, figures=True))
    return columns


def place(piece: Piece, columns: Sequence[Column]) -> int:
    """Give the column a piece stands in."""
    line, em = piece.line, piece.line.size
    figures = [i for i, column in enumerate(columns) if column.figures and _overlap(line, column) > 0]
    best = max(figures, key=lambda i: _overlap(line, columns[i]), default=None)
    if best is not None and (piece.is_figure or _is_aligned(line, columns[best], em)):
        return best
    left = [i for i, c in enumerate(columns) if not c.figures and c.x0 <= line.x0 + START_EM * em]
    return left[-1] if left and not piece.is_figure else _nearest(piece, columns)


def stands_over(piece: Piece, columns: Sequence[Column]) -> bool:
    """Say whether a piece above the figures names columns of them, and not their labels."""
    if columns[place(piece, columns)].figures:
        return True
    starts = [column.x0 for column in columns if not column.figures and column.x0 <= piece.line.x0]
    clear = not starts or piece.line.x0 > max(starts) + CLEAR_EM * piece.line.size
    return clear and any(column.figures and _overlap(piece.line, column) > 0 for column in columns)


def _nearest(piece: Piece, columns: Sequence[Column]) -> int:
    return min(range(len(columns)), key=lambda i: abs(columns[i].centre - piece.centre))


def _overlap(line: Line, column: Column) -> float:
    return min(line.x1, column.x1) - max(line.x0, column.x0)


def _is_aligned(line: Line, column: Column, em: float) -> bool:
    """Say whether words stand in a column of figures: within it, or with its edge or middle."""
    slack = ALIGNED_EM * em
    if line.x0 >= column.x0 - slack and line.x1 <= column.x1 + slack:
        return True
    offsets = (line.x0 - column.x0, line.x1 - column.x1, (line.x0 + line.x1) / 2 - column.centre)
    return line.x0 > column.x0 - FAR_EM * em and min(map(abs, offsets)) < slack / 2


def _label_starts(rows: Sequence[Row], figures: Sequence[Column]) -> list[float]:
    """Find where columns of words start: at the left edge, and where rows start a second time."""
    labels = [[piece for piece in row.pieces if not _in_figures(piece, figures)] for row in rows]
    first = [pieces[0].line.x0 for pieces in labels if pieces]
    if not first:
        return []
    starts = [min(first)]
    again = sorted(piece.line.x0 for pieces in labels for piece in pieces[1:])
    em = rows[0].size
    for group in _clusters(again, START_EM * em):
        if group[0] > starts[-1] + 2 * em and _is_start(group, labels, em):
            starts.append(group[0])
    return starts


def _in_figures(piece: Piece, figures: Sequence[Column]) -> bool:
    return any(
        _overlap(piece.line, column) > 0
        and (piece.is_figure or _is_aligned(piece.line, column, piece.line.size))
        for column in figures
    )


def _clusters(values: Sequence[float], gap: float) -> list[list[float]]:
    groups: list[list[float]] = []
    for value in values:
        if groups and value - groups[-1][-1] <= gap:
            groups[-1].append(value)
        else:
            groups.append([value])
    return groups


def _is_start(group: Sequence[float], labels: Sequence[Sequence[Piece]], em: float) -> bool:
    """Say whether few rows have words that run through the start of this column."""
    start = group[0]
    crossing = sum(
        any(piece.line.x0 < start - em and piece.line.x1 > start + em for piece in pieces)
        for pieces in labels
    )
    filled = sum(bool(pieces) for pieces in labels)
    return len(group) >= min(2, filled) and crossing <= CROSSED_SHARE * filled
