"""The columns and cells of a table, and which column a piece stands in."""

from collections.abc import Iterator, Sequence
from enum import Enum, auto
from typing import NamedTuple

from esg.extract.pdf.lines import Line
from esg.extract.pdf.tables.pieces import Piece, Row

START_EM = 0.8  # labels that start this near to one another stand in one column; indents are wider
ALIGNED_EM = 1.0  # how far a cell may stick out of a column of figures
CLEAR_EM = 2.0  # from where labels start, for words not to be one
FAR_EM = 20.0  # how far words that end with a column of figures may reach to its left


class Align(Enum):
    LEFT = auto()
    MIDDLE = auto()
    RIGHT = auto()


class Column(NamedTuple):
    x0: float
    x1: float
    figures: bool
    align: Align = Align.LEFT

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


class Columns(Sequence[Column]):
    """The columns of a table, from left to right."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = sorted(columns, key=lambda column: column.x0)
        self._places: dict[tuple[int, ...], int] = {}
        self._words = [i for i, column in enumerate(self._columns) if not column.figures]
        self._figures = [i for i, column in enumerate(self._columns) if column.figures]
        self._first_words = self._words[0] if self._words else -1
        behind = (i for i in self._figures if i > self._first_words)
        self._first_figures = next(behind, len(self._columns))
        self._starts = [self._columns[i].x0 for i in self._words]

    def __len__(self) -> int:
        return len(self._columns)

    def __getitem__(self, index: int) -> Column:  # type: ignore[override]
        return self._columns[index]

    def __iter__(self) -> Iterator[Column]:
        return iter(self._columns)

    @property
    def has_figures(self) -> bool:
        return bool(self._figures)

    def of(self, piece: Piece) -> int:
        """Give the column a piece stands in."""
        key = piece.line.words
        if key not in self._places:
            self._places[key] = self._place(piece)
        return self._places[key]

    def in_figures(self, piece: Piece) -> bool:
        """Say whether a piece stands in a column of figures."""
        return self._columns[self.of(piece)].figures

    def is_filled(self, row: Row) -> bool:
        """Say whether a line has a figure, or a sign for none, in a column of figures."""
        return any(piece.is_figure and self.in_figures(piece) for piece in row.pieces)

    def label(self, row: Row) -> Piece | None:
        """Give the words at the left of a line, whether or not a number of the row stands before them."""
        labels = range(max(self._first_words, 0), self._first_figures)
        return next((piece for piece in row.pieces if self.of(piece) in labels), None)

    def stands_over(self, piece: Piece) -> bool:
        """Say whether a piece above the figures names columns of them, not labels or numbers of rows."""
        if self.in_figures(piece) and self.of(piece) >= self._first_figures:
            return True
        left = [start for start in self._starts if start <= piece.line.x0 + piece.line.size]
        clear = bool(left) and piece.line.x0 > max(left) + CLEAR_EM * piece.line.size
        return clear and any(
            column.figures and overlap(piece.line, column) > 0
            for column in self._columns[self._first_words + 1 :]
        )

    def crosses(self, piece: Piece) -> bool:
        """Say whether words run from the labels into the figures, as a title or a sentence does."""
        if not self._starts or self._first_figures == len(self._columns):
            return False
        em, first = piece.line.size, self._columns[self._first_figures].x0
        starts_left = piece.line.x0 < self._starts[-1] + 2 * em
        return starts_left and self._starts[-1] < first and piece.line.x1 > first + 0.5 * em

    def _place(self, piece: Piece) -> int:
        line, columns = piece.line, self._columns
        under = [i for i in self._figures if columns[i].x0 < line.x1 and line.x0 < columns[i].x1]
        shared = {i: overlap(line, columns[i]) for i in under}
        best = max((i for i in under if shared[i] > 0), key=shared.__getitem__, default=None)
        if best is not None and (piece.is_figure or is_aligned(line, columns[best], self._starts)):
            return best
        if piece.is_figure:
            return self._nearest(piece)
        under = [i for i in self._words if overlap(line, columns[i]) > 0]
        if len(under) == 1 and columns[under[0]].x0 >= line.x0 - START_EM * line.size:
            return under[0]
        left = [i for i in self._words if columns[i].x0 <= line.x0 + START_EM * line.size]
        return left[-1] if left else self._nearest(piece)

    def _nearest(self, piece: Piece) -> int:
        return min(range(len(self._columns)), key=lambda i: abs(self._columns[i].centre - piece.centre))


def overlap(line: Line, column: Column) -> float:
    """Measure how much of a line and a column stand above one another."""
    return min(line.x1, column.x1) - max(line.x0, column.x0)


def is_aligned(line: Line, column: Column, starts: Sequence[float]) -> bool:
    """Say whether words stand in a column of figures: within it, or with its edge or middle.

    Words at one of the `starts` of labels are labels, however long.
    """
    slack = ALIGNED_EM * line.size
    if line.x0 >= column.x0 - slack and line.x1 <= column.x1 + slack:
        return True
    if any(abs(line.x0 - start) < slack for start in starts) or line.x0 < min(starts, default=0.0):
        return False
    offsets = (line.x0 - column.x0, line.x1 - column.x1, (line.x0 + line.x1) / 2 - column.centre)
    return line.x0 > column.x0 - FAR_EM * line.size and min(map(abs, offsets)) < slack / 2
