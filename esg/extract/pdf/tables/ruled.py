"""Lines between rules → tables of words: every row stands between two rules, every column has its gutter.

Only what figures have not already made a table is looked at. Two columns of prose under a rule are no table:
a table has three rows or more with words in more than one column.
"""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from esg.extract.pdf.lines import Line
from esg.extract.pdf.tables.grid import Grid, GridCell
from esg.extract.pdf.tables.rules import Rules, Span

SAME_END_POINTS = 4.0
FEWEST_ROWS, FEWEST_BOXED_ROWS = 3, 2  # with words in two columns; the latter with vertical rules between
GUTTER_EM = 0.7
TALL_ROW, TALL_ROW_EM = 5.0, 8.0  # times the usual row, and the size of its letters: text between two tables
CROSSING_SHARE = 0.15  # of the rows may run through a gutter: titles of groups
FULL_SHARE = 0.6  # of the rows have words in two columns


class _Stack(NamedTuple):
    """Rules of one length above one another, and the lines between each two of them."""

    spans: list[Span]
    rows: list[list[Line]]


def find_ruled(lines: Sequence[Line], rules: Rules) -> list[Grid]:
    """Find the tables of words on a page, from top to bottom."""
    found = (_grid(stack, rules) for spans in _stacks(rules) for stack in _parts(spans, lines))
    return [grid for grid in found if grid]


def _stacks(rules: Rules) -> list[list[Span]]:
    """Group the edges that begin and end at the same place."""
    stacks: list[list[Span]] = []
    for span in rules.spans:
        stack = next((stack for stack in stacks if _same_ends(stack[-1], span)), None)
        if stack is None:
            stacks.append([span])
        else:
            stack.append(span)
    return [stack for stack in stacks if len(stack) > FEWEST_BOXED_ROWS]


def _same_ends(one: Span, other: Span) -> bool:
    return max(abs(one.x0 - other.x0), abs(one.x1 - other.x1)) <= SAME_END_POINTS


def _parts(spans: Sequence[Span], lines: Sequence[Line]) -> list[_Stack]:
    """Give the runs of rules with words between every two of them."""
    left, right = spans[0].x0 - SAME_END_POINTS, spans[0].x1 + SAME_END_POINTS
    inside = [line for line in lines if not line.direction and left <= line.x0 and line.x1 <= right]
    stacks: list[_Stack] = []
    open_stack = False
    usual = median(below.y - above.y for above, below in pairwise(spans))
    for above, below in pairwise(spans):
        row = [line for line in inside if above.y < (line.y0 + line.y1) / 2 < below.y]
        if below.y - above.y < min((line.size for line in row), default=3.0):
            continue  # a double rule
        if not row or below.y - above.y > max(TALL_ROW_EM * row[0].size, TALL_ROW * usual):
            open_stack = False
            continue
        if not open_stack:
            stacks.append(_Stack([above], []))
            open_stack = True
        stacks[-1].spans.append(below)
        stacks[-1].rows.append(row)
    return [stack for stack in stacks if len(stack.rows) >= FEWEST_BOXED_ROWS]


def _grid(stack: _Stack, rules: Rules) -> Grid | None:
    gutters = _gutters(stack, rules)
    rows = [_cells(row, gutters) for row in stack.rows]
    full = sum(len(row) > 1 for row in rows)
    fewest = FEWEST_BOXED_ROWS if len(_standing(stack, rules)) > 2 else FEWEST_ROWS
    if not gutters or full < fewest or full < FULL_SHARE * len(rows):
        return None
    heads = int(_is_bold(stack.rows[0]) and not _is_bold(stack.rows[1]))
    header = {cell.column: cell for cell in rows[0]} if heads else {}
    body = [
        [cell._replace(header=(header[cell.column],) if cell.column in header else ()) for cell in row]
        for row in rows[heads:]
    ]
    return Grid([*rows[:heads], *body], heads)


def _is_bold(row: Sequence[Line]) -> bool:
    return all(line.bold for line in row)


def _gutters(stack: _Stack, rules: Rules) -> list[float]:
    """Find where columns are parted: at vertical rules, else where hardly any row has words."""
    top = stack.spans[0]
    standing = _standing(stack, rules)
    if len(standing) > 2:
        return [x for x in standing if top.x0 + SAME_END_POINTS < x < top.x1 - SAME_END_POINTS]
    em = min(line.size for row in stack.rows for line in row)
    edges = sorted({line.x0 for row in stack.rows for line in row})
    gutters: list[float] = []
    for edge in edges[1:]:
        x = edge - GUTTER_EM * em / 2
        left = any(line.x1 < x for row in stack.rows for line in row)
        crossed = sum(any(line.x0 < x < line.x1 + GUTTER_EM * em / 2 for line in row) for row in stack.rows)
        clear = crossed <= CROSSING_SHARE * len(stack.rows)
        if left and clear and (not gutters or _between(stack, gutters[-1], x)):
            gutters.append(x)
    return gutters


def _standing(stack: _Stack, rules: Rules) -> list[float]:
    """Give the places of vertical rules that run along most of the rows."""
    top, bottom = stack.spans[0].y, stack.spans[-1].y
    lengths: dict[int, float] = {}
    for x0, y0, x1, y1 in rules.vertical.tolist():
        inside = min(y1, bottom) - max(y0, top)
        if (
            inside > 0
            and stack.spans[0].x0 - SAME_END_POINTS <= x0
            and x1 <= stack.spans[0].x1 + SAME_END_POINTS
        ):
            lengths[round((x0 + x1) / 4)] = lengths.get(round((x0 + x1) / 4), 0.0) + inside
    return [2.0 * place for place, length in sorted(lengths.items()) if length > FULL_SHARE * (bottom - top)]


def _between(stack: _Stack, left: float, right: float) -> bool:
    """Say whether words start between two gutters."""
    return any(left < line.x0 and line.x1 < right for row in stack.rows for line in row)


def _cells(row: Sequence[Line], gutters: Sequence[float]) -> list[GridCell]:
    cells: dict[int, list[Line]] = {}
    for line in sorted(row, key=lambda line: (line.baseline, line.x0)):
        cells.setdefault(sum(line.x0 >= gutter for gutter in gutters), []).append(line)
    return [GridCell(column, cells[column]) for column in sorted(cells)]
