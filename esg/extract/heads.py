"""What stands above the figures → the header cells over each column, spanning ones included.

How far a header cell reaches is said by the vertical rules beside it, else by the rule under it, else by
symmetry: a cell in the middle above several columns without headers of their own stands for all of them.
"""

from collections.abc import Sequence
from typing import NamedTuple

from esg.extract.grid import Column, GridCell, place
from esg.extract.lines import Groups, Line, box_of
from esg.extract.pieces import Piece, Row
from esg.extract.rules import Rules

STACKED_EM = 0.45  # white between two lines of one header cell
APART_EM = 1.2  # the same, where both stand over the same one column
SAME_CENTRE_EM = 0.7
RULE_UNDER_EM = 0.9


class Head(NamedTuple):
    """A header cell: its lines from top to bottom, and the columns it stands over."""

    lines: list[Line]
    columns: range
    y0: float
    y1: float

    @property
    def cell(self) -> GridCell:
        return GridCell(self.columns.start, self.lines)


def read_heads(rows: Sequence[Row], columns: Sequence[Column], rules: Rules) -> list[list[Head]]:
    """Give the header cells in rows, the outermost first."""
    cells = _stack([piece for row in rows for piece in row.pieces], columns, rules)
    spans = _spans(cells, columns, rules)
    heads = [
        Head([piece.line for piece in cell], span, cell[0].line.y0, cell[-1].line.y1)
        for cell, span in zip(cells, spans, strict=True)
    ]
    return _levels(heads)


def path(columns: range, levels: Sequence[Sequence[Head]]) -> tuple[GridCell, ...]:
    """Give the header cells over all of the columns, outermost first."""
    over = (head for level in levels for head in level)
    return tuple(head.cell for head in over if set(columns) <= set(head.columns))


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
        min(other.y1, head.y1) - max(other.y0, head.y0) > 0.4 * min(other.y1 - other.y0, head.y1 - head.y0)
        for other in level
    )


def _stack(pieces: list[Piece], columns: Sequence[Column], rules: Rules) -> list[list[Piece]]:
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


def _is_stacked(upper: Piece, lower: Piece, columns: Sequence[Column]) -> bool:
    one, other = upper.line, lower.line
    if min(one.x1, other.x1) < max(one.x0, other.x0) or abs(one.size - other.size) > 0.25 * other.size:
        return False
    own = _own_columns([upper], columns), _own_columns([lower], columns)
    widest = APART_EM if own[0] == own[1] and len(own[0]) == 1 else STACKED_EM
    return -0.5 * other.size < other.y0 - one.y1 < widest * other.size and other.baseline > one.baseline


def _is_parted(upper: Line, lower: Line, rules: Rules) -> bool:
    middle = (lower.x0 + lower.x1) / 2
    between = rules.between(upper.baseline - 1, (lower.y0 + lower.baseline) / 2)
    return any(x0 - 1 <= middle <= x1 + 1 for span in between for x0, x1 in span.pieces)


def _spans(cells: Sequence[Sequence[Piece]], columns: Sequence[Column], rules: Rules) -> list[range]:
    """Find the columns each header cell stands over."""
    own = [_own_columns(cell, columns) for cell in cells]
    spans = []
    for index, cell in enumerate(cells):
        beside = [i for i in range(len(cells)) if i != index and _same_height(cell, cells[i])]
        taken = {column for i in beside for column in own[i]}
        ruled = _ruled_span(cell, columns, rules)
        if ruled is None or taken & set(ruled):
            ruled = _grown(cell, own[index], columns, taken)
        spans.append(ruled)
    return _spread(cells, spans, columns)


def _same_height(one: Sequence[Piece], other: Sequence[Piece]) -> bool:
    return min(one[-1].line.y1, other[-1].line.y1) > max(one[0].line.y0, other[0].line.y0)


def _own_columns(cell: Sequence[Piece], columns: Sequence[Column]) -> range:
    """Give the columns a header cell stands right over, the nearest where it is over none."""
    x0, x1 = min(piece.line.x0 for piece in cell), max(piece.line.x1 for piece in cell)
    over = [i for i, c in enumerate(columns) if c.figures and min(x1, c.x1) - max(x0, c.x0) > 0]
    if over:
        return range(over[0], over[-1] + 1)
    nearest = place(cell[-1], columns)
    return range(nearest, nearest + 1)


def boxed_span(
    box: tuple[float, float, float, float], columns: Sequence[Column], rules: Rules
) -> range | None:
    """Give the columns between the vertical rules beside a box; none where it has no rules on both sides."""
    x0, y0, x1, y1 = box
    y = (y0 + y1) / 2
    standing = rules.vertical[(rules.vertical[:, 1] < y) & (rules.vertical[:, 3] > y)]
    left = standing[standing[:, 2] <= x0 + 2, 2]
    right = standing[standing[:, 0] >= x1 - 2, 0]
    if len(left) and len(right):
        return _between(float(left.max()), float(right.min()), columns)
    return None


def _ruled_span(cell: Sequence[Piece], columns: Sequence[Column], rules: Rules) -> range | None:
    """Give the columns between the vertical rules beside a cell, or over the piece of rule right under it."""
    x0, y0, x1, y1 = box_of([piece.line for piece in cell])
    if boxed := boxed_span((x0, y0, x1, y1), columns, rules):
        return boxed
    bottom = cell[-1].line
    for span in rules.between(bottom.baseline, bottom.y1 + RULE_UNDER_EM * bottom.size):
        for start, end in span.pieces if len(span.pieces) > 1 else ():
            if start - 2 <= x0 and x1 <= end + 2:
                found = _between(start, end, columns)
                return found if found and len(found) > 1 else None
    return None


def _between(left: float, right: float, columns: Sequence[Column]) -> range | None:
    inside = [
        i
        for i, column in enumerate(columns)
        if left <= (column.centre if column.figures else column.x0 + 1) <= right
    ]
    return range(inside[0], inside[-1] + 1) if inside else None


def _grown(cell: Sequence[Piece], own: range, columns: Sequence[Column], taken: set[int]) -> range:
    """Grow a span over neighbours without headers of their own, where the cell stays in the middle."""
    if not columns[own.start].figures:
        return own
    x0, x1 = min(piece.line.x0 for piece in cell), max(piece.line.x1 for piece in cell)
    centre, em = (x0 + x1) / 2, cell[0].line.size
    best = own
    for start in range(own.start, -1, -1):
        if not columns[start].figures or (start in taken and start not in own):
            break
        for stop in range(own.stop, len(columns) + 1):
            if not columns[stop - 1].figures or (stop - 1 in taken and stop - 1 not in own):
                break
            middle = (columns[start].x0 + columns[stop - 1].x1) / 2
            if abs(middle - centre) < SAME_CENTRE_EM * em and stop - start > len(best):
                best = range(start, stop)
    return best


def _spread(cells: Sequence[Sequence[Piece]], spans: list[range], columns: Sequence[Column]) -> list[range]:
    """Spread cells that stand over every m-th column of figures, as in `2022 . . 2023 . .`."""
    figures = [i for i, column in enumerate(columns) if column.figures]
    by_row: dict[int, list[int]] = {}
    for index, cell in enumerate(cells):
        if columns[spans[index].start].figures:
            by_row.setdefault(round(cell[-1].line.baseline), []).append(index)
    for members in by_row.values():
        members.sort(key=lambda index: spans[index].start)
        step, rest = divmod(len(figures), len(members))
        offsets = {figures.index(spans[i].start) - k * step for k, i in enumerate(members)}
        if (
            len(members) > 1
            and step > 1
            and not rest
            and len(offsets) == 1
            and all(len(spans[i]) == 1 for i in members)
        ):
            for k, i in enumerate(members):
                spans[i] = range(figures[k * step], figures[k * step + step - 1] + 1)
    return spans
