"""The rows of a table → its columns: figures stand above one another, labels share their left edge."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from esg.extract.pdf.lines import Line
from esg.extract.pdf.tables.grid import START_EM, Align, Column, Columns, is_aligned, overlap
from esg.extract.pdf.tables.pieces import Piece, Row
from esg.extract.pdf.tables.values import Kind

COLUMN_OVERLAP = 0.25  # of the narrower of two figures, for them to stand in one column
CROSSED_SHARE = 0.4  # of the rows, that may run through the start of a column
FILLS = (Kind.VALUE, Kind.NIL)
EVEN_EM = 0.2  # edges that differ by less are even


def find_columns(rows: Sequence[Row]) -> Columns:
    """Find the columns of the rows that hold figures."""
    filled = [row for row in rows if any(piece.kind in FILLS for piece in row.pieces)] or rows
    figures = figure_columns(piece for row in filled for piece in row.pieces)
    words = [[piece for piece in row.pieces if not _in_figures(piece, figures)] for row in filled]
    left = [[piece for piece in pieces if _gap_of(piece, figures) == 0] for pieces in words]
    others = _columns_between([piece for pieces in words for piece in pieces], figures)
    return Columns([*figures, *_label_columns(left, rows[0].size), *others])


def figure_columns(pieces: Iterable[Piece]) -> list[Column]:
    """Join figures that overlap into columns; periods make columns only where nothing else does."""
    figures = [piece for piece in pieces if piece.is_figure]
    plain = [piece for piece in figures if piece.kind is not Kind.PERIOD]
    groups: list[list[Line]] = []
    reach, narrowest = -float("inf"), float("inf")
    for line in sorted((piece.line for piece in plain or figures), key=lambda line: line.x0):
        if reach - line.x0 <= COLUMN_OVERLAP * min(narrowest, line.x1 - line.x0):
            groups.append([])
            reach, narrowest = -float("inf"), float("inf")
        groups[-1].append(line)
        reach, narrowest = max(reach, line.x1), min(narrowest, line.x1 - line.x0)
    return [_figure_column(lines) for lines in groups]


def _figure_column(lines: Sequence[Line]) -> Column:
    left, right = [line.x0 for line in lines], [line.x1 for line in lines]
    ragged_left, ragged_right = max(left) - min(left), max(right) - min(right)
    align = Align.MIDDLE
    if ragged_right <= max(0.5 * ragged_left, EVEN_EM * lines[0].size):
        align = Align.RIGHT
    elif ragged_left <= 0.5 * ragged_right:
        align = Align.LEFT
    return Column(min(left), max(right), figures=True, align=align)


def _in_figures(piece: Piece, figures: Sequence[Column]) -> bool:
    return any(
        overlap(piece.line, column) > 0 and (piece.is_figure or is_aligned(piece.line, column, ()))
        for column in figures
    )


def _gap_of(piece: Piece, figures: Sequence[Column]) -> int:
    """Count the columns of figures to the left of a piece."""
    return sum(column.centre < piece.centre for column in figures if column.x0 < piece.line.x0)


def _columns_between(words: Sequence[Piece], figures: Sequence[Column]) -> list[Column]:
    """Make one column of the words between two columns of figures, where two rows or more have some."""
    columns = []
    for gap in range(1, len(figures) + 1):
        lines = [piece.line for piece in words if _gap_of(piece, figures) == gap]
        if len(lines) > 1:
            columns.append(
                Column(min(line.x0 for line in lines), max(line.x1 for line in lines), figures=False)
            )
    return columns


def _label_columns(labels: Sequence[Sequence[Piece]], em: float) -> list[Column]:
    """Make columns of the words to the left of the figures."""
    starts = _label_starts(labels, em)
    lines = [piece.line for pieces in labels for piece in pieces]
    columns = []
    for start, following in pairwise([*starts, float("inf")]):
        ends = [
            line.x1
            for line in lines
            if start <= line.x0 + START_EM * em and line.x0 < following - START_EM * em
        ]
        columns.append(Column(start, min(max(ends, default=start), following), figures=False))
    return columns


def _label_starts(labels: Sequence[Sequence[Piece]], em: float) -> list[float]:
    """Find where columns of words start: at the left edge, and where rows start a second time."""
    first = [pieces[0].line.x0 for pieces in labels if pieces]
    if not first:
        return []
    starts = [min(first)]
    again = sorted(piece.line.x0 for pieces in labels for piece in pieces[1:])
    for group in _clusters(again, START_EM * em):
        if group[0] > starts[-1] + 2 * em and _is_start(group, labels, em):
            starts.append(group[0])
    return starts


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
