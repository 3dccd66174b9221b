"""Header cells → the columns each of them stands over.

How far a cell reaches is said by the vertical rules beside it, else by the rule under it, else by symmetry: a
cell in the middle above several columns without headers of their own stands for all of them.
"""

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

import numpy as np

from esg.extract.pdf.lines import Groups, Line, box_of
from esg.extract.pdf.tables.grid import Align, Columns
from esg.extract.pdf.tables.pieces import Piece
from esg.extract.pdf.tables.rules import Rules

SAME_CENTRE_EM = 1.0
RULE_UNDER_EM = 0.9

Cell = Sequence[Piece]  # the lines of a header cell, from top to bottom


class _Choice(NamedTuple):
    """Columns a header cell may stand over, and how far from their middle it is."""

    span: range
    off: float


def find_spans(cells: Sequence[Cell], columns: Columns, rules: Rules) -> list[range]:
    """Find the columns each header cell stands over."""
    own = [own_columns(cell, columns) for cell in cells]
    heights = [_height(cell) for cell in cells]
    boxed = boxed_spans([[piece.line for piece in cell] for cell in cells], columns, rules)
    choices: list[list[_Choice]] = []
    for index, cell in enumerate(cells):
        beside = [i for i in range(len(cells)) if i != index and _overlap(heights[index], heights[i])]
        taken = {column for i in beside for column in own[i]}
        ruled = boxed[index] or _ruled_span(cell, columns, rules)
        if ruled is not None and not taken & set(ruled):
            choices.append([_Choice(ruled, 0.0)])
        else:
            choices.append(_candidates(cell, own[index], columns, taken))
    spans = [choice[0].span for choice in choices]
    growing = [i for i, options in enumerate(choices) if len(options) > 1]
    for members in _rows(cells, spans, growing):
        for index, span in zip(members, _best([choices[i] for i in members]), strict=True):
            spans[index] = span
    return _spread(cells, spans, columns)


def _rows(cells: Sequence[Cell], spans: Sequence[range], chosen: Sequence[int]) -> list[list[int]]:
    """Group the chosen cells that stand beside one another, from left to right."""
    groups = Groups(len(chosen))
    for a, i in enumerate(chosen):
        for b, j in enumerate(chosen[:a]):
            if _overlap(_height(cells[i]), _height(cells[j])):
                groups.join(a, b)
    rows = [[chosen[a] for a in members] for members in groups.members()]
    return [sorted(row, key=lambda i: spans[i].start) for row in rows]


def _best(choices: Sequence[Sequence[_Choice]]) -> list[range]:
    """Choose spans that do not overlap, cover most columns and have their cells in the middle."""
    found: dict[int, tuple[int, float, list[range]]] = {0: (0, 0.0, [])}
    for candidates in choices:
        after: dict[int, tuple[int, float, list[range]]] = {}
        for stop, (covered, off, spans) in found.items():
            for span, distance in candidates:
                score = (covered + len(span), off + distance)
                old = after.get(span.stop)
                if span.start >= stop and (old is None or (-score[0], score[1]) < (-old[0], old[1])):
                    after[span.stop] = (*score, [*spans, span])
        if not after:
            return [candidates[0].span for candidates in choices]
        found = after
    return min(found.values(), key=lambda item: (-item[0], item[1]))[2]


def _height(cell: Cell) -> tuple[float, float]:
    return cell[0].line.y0, cell[-1].line.y1


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return min(one[1], other[1]) > max(one[0], other[0])


def own_columns(cell: Cell, columns: Columns) -> range:
    """Give the columns a header cell stands right over, the nearest where it is over none."""
    x0, x1 = min(piece.line.x0 for piece in cell), max(piece.line.x1 for piece in cell)
    over = [i for i, c in enumerate(columns) if c.figures and min(x1, c.x1) - max(x0, c.x0) > 0]
    if over:
        return range(over[0], over[-1] + 1)
    nearest = columns.of(cell[-1])
    return range(nearest, nearest + 1)


def boxed_spans(cells: Sequence[Sequence[Line]], columns: Columns, rules: Rules) -> list[range | None]:
    """Give the columns between the vertical rules beside each cell; none for one without on both sides."""
    if not len(rules.vertical) or not cells:
        return [None] * len(cells)
    x0, y0, x1, y1 = rules.vertical.T
    boxes = np.array([box_of(lines) for lines in cells])
    middle = ((boxes[:, 1:2] + boxes[:, 3:]) / 2).astype(np.float32)
    beside = (y0 < middle) & (y1 > middle)
    before = beside & (x1 <= (boxes[:, :1] + 2).astype(np.float32))
    behind = beside & (x0 >= (boxes[:, 2:3] - 2).astype(np.float32))
    left = np.where(before, x1, -np.inf).max(axis=1).tolist()
    right = np.where(behind, x0, np.inf).min(axis=1).tolist()
    sides = zip(left, right, strict=True)
    return [_between(a, b, columns) if isfinite(a) and isfinite(b) else None for a, b in sides]


def _ruled_span(cell: Cell, columns: Columns, rules: Rules) -> range | None:
    """Give the columns over the piece of rule right under a cell."""
    x0, _, x1, _ = box_of([piece.line for piece in cell])
    bottom = cell[-1].line
    for span in rules.between(bottom.baseline, bottom.y1 + RULE_UNDER_EM * bottom.size):
        for start, end in span.pieces if len(span.pieces) > 1 else ():
            if start - 2 <= x0 and x1 <= end + 2:
                found = _between(start, end, columns)
                return found if found and len(found) > 1 else None
    return None


def _between(left: float, right: float, columns: Columns) -> range | None:
    inside = [
        i
        for i, column in enumerate(columns)
        if left <= (column.centre if column.figures else column.x0 + 1) <= right
    ]
    return range(inside[0], inside[-1] + 1) if inside else None


def _candidates(cell: Cell, own: range, columns: Columns, taken: set[int]) -> list[_Choice]:
    """Give a cell's own columns, and those in the middle of which it stands with unnamed neighbours."""
    if not columns[own.start].figures:
        return [_Choice(own, 0.0)]
    x0, _, x1, _ = box_of([piece.line for piece in cell])
    choices = [_Choice(own, _off_centre((x0 + x1) / 2, own, columns))]
    first, last = own.start, own.stop - 1
    while first > 0 and columns[first - 1].figures and first - 1 not in taken:
        first -= 1
    while last < len(columns) - 1 and columns[last + 1].figures and last + 1 not in taken:
        last += 1
    slack = SAME_CENTRE_EM * cell[0].line.size
    for start in range(first, own.start + 1):
        for stop in range(own.stop, last + 2):
            off = _off_centre((x0 + x1) / 2, range(start, stop), columns)
            if off < slack and stop - start > len(own):
                choices.append(_Choice(range(start, stop), off))
    return choices


def _off_centre(centre: float, span: range, columns: Columns) -> float:
    """Measure how far a cell is from the middle of columns: of their figures, or of the cells around them."""
    first, last = columns[span.start], columns[span.stop - 1]
    figures = [column for column in columns if column.figures]
    place, after = figures.index(first), figures.index(last) + 1
    middles = [(first.x0 + last.x1) / 2]
    if first.align is Align.RIGHT and len(figures) > 1:
        left = figures[place - 1].x1 if place else first.x1 - (figures[1].x1 - figures[0].x1)
        middles.append((left + last.x1) / 2)
    if last.align is Align.LEFT and len(figures) > 1:
        right = figures[after].x0 if after < len(figures) else last.x0 + figures[-1].x0 - figures[-2].x0
        middles.append((first.x0 + right) / 2)
    return min(abs(middle - centre) for middle in middles)


def _spread(cells: Sequence[Cell], spans: list[range], columns: Columns) -> list[range]:
    """Spread cells that stand over every m-th column of figures, as in `2022 . . 2023 . .`."""
    figures = [i for i, column in enumerate(columns) if column.figures]
    heights = [_height(cell) for cell in cells]
    by_row: dict[int, list[int]] = {}
    for index, cell in enumerate(cells):
        if columns[spans[index].start].figures:
            by_row.setdefault(round(cell[-1].line.baseline), []).append(index)
    for members in by_row.values():
        members.sort(key=lambda index: spans[index].start)
        step, rest = divmod(len(figures), len(members))
        beside = [i for i in range(len(cells)) if any(_overlap(heights[i], heights[m]) for m in members)]
        alone = all(i in members or not columns[spans[i].start].figures for i in beside)
        offsets = {figures.index(spans[i].start) - k * step for k, i in enumerate(members)}
        single = all(len(spans[i]) == 1 for i in members)
        if alone and single and len(members) > 1 and step > 1 and not rest and len(offsets) == 1:
            for k, i in enumerate(members):
                spans[i] = range(figures[k * step], figures[k * step + step - 1] + 1)
    return spans
