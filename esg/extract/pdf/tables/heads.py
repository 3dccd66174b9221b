"""What stands above the figures → the header cells over each column, in levels, the outermost first."""

from collections.abc import Sequence
from typing import NamedTuple

from esg.extract.pdf.lines import Groups, Line
from esg.extract.pdf.tables.grid import Columns, GridCell
from esg.extract.pdf.tables.pieces import Piece, Row
from esg.extract.pdf.tables.rules import Rules
from esg.extract.pdf.tables.spans import find_spans, own_columns

ALIGNED_EM = 0.6  # lines of one cell share an edge or their middle
STACKED_EM = 0.45  # white between two lines of one header cell
APART_EM = 1.2  # the same, where both stand over the same one column
SAME_LEVEL = 0.4  # of the lower height of two cells that stand beside one another


class Head(NamedTuple):
    """A header cell: its lines from top to bottom, and the columns it stands over."""

    lines: list[Line]
    columns: range
    y0: float
    y1: float

    @property
    def cell(self) -> GridCell:
        return GridCell(self.columns.start, self.lines)


def read_heads(rows: Sequence[Row], columns: Columns, rules: Rules) -> list[list[Head]]:
    """Give the header cells in rows, the outermost first."""
    cells = _stack([piece for row in rows for piece in row.pieces], columns, rules)
    spans = find_spans(cells, columns, rules)
    heads = [
        Head([piece.line for piece in cell], span, cell[0].line.y0, cell[-1].line.y1)
        for cell, span in zip(cells, spans, strict=True)
    ]
    return _levels(heads)


def path(columns: range, levels: Sequence[Sequence[Head]]) -> tuple[GridCell, ...]:
    """Give the header cells over all of the columns, outermost first."""
    return tuple(
        head.cell
        for level in levels
        for head in level
        if head.columns.start <= columns.start and columns.stop <= head.columns.stop
    )


def _levels(heads: Sequence[Head]) -> list[list[Head]]:
    """Group header cells whose heights overlap and whose columns do not."""
    levels: list[list[Head]] = []
    for head in sorted(heads, key=lambda head: (head.y0 + head.y1, head.columns.start)):
        level = levels[-1] if levels else None
        if level is not None and _beside(level, head):
            level.append(head)
        else:
            levels.append([head])
    return [sorted(level, key=lambda head: head.columns.start) for level in levels]


def _beside(level: Sequence[Head], head: Head) -> bool:
    for other in level:
        if set(other.columns) & set(head.columns):
            return False
    return any(
        min(other.y1, head.y1) - max(other.y0, head.y0)
        > SAME_LEVEL * min(other.y1 - other.y0, head.y1 - head.y0)
        for other in level
    )


def _stack(pieces: list[Piece], columns: Columns, rules: Rules) -> list[list[Piece]]:
    """Join lines of one header cell that stand above one another with no rule between."""
    pieces = sorted(pieces, key=lambda piece: (piece.line.y0, piece.line.x0))
    groups = Groups(len(pieces))
    for lower, piece in enumerate(pieces):
        for upper in range(lower - 1, -1, -1):
            if _is_stacked(pieces[upper], piece, columns) and not _is_parted(
                pieces[upper].line, piece.line, rules
            ):
                groups.join(upper, lower)
                break
    return [[pieces[i] for i in members] for members in groups.members()]


def _is_stacked(upper: Piece, lower: Piece, columns: Columns) -> bool:
    one, other = upper.line, lower.line
    if min(one.x1, other.x1) < max(one.x0, other.x0) or abs(one.size - other.size) > 0.25 * other.size:
        return False
    edges = (one.x0 - other.x0, one.x1 - other.x1, (one.x0 + one.x1 - other.x0 - other.x1) / 2)
    if min(map(abs, edges)) > ALIGNED_EM * other.size:
        return False
    own = own_columns([upper], columns), own_columns([lower], columns)
    widest = APART_EM if own[0] == own[1] and len(own[0]) == 1 else STACKED_EM
    return -0.5 * other.size < other.y0 - one.y1 < widest * other.size and other.baseline > one.baseline


def _is_parted(upper: Line, lower: Line, rules: Rules) -> bool:
    middle = (lower.x0 + lower.x1) / 2
    between = rules.between(upper.baseline - 1, (lower.y0 + lower.baseline) / 2)
    return any(x0 - 1 <= middle <= x1 + 1 for span in between for x0, x1 in span.pieces)
