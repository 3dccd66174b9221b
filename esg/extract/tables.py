"""Lines and rules of a page → its tables: figures that stand in columns, with the labels of their rows.

Figures above one another are linked into columns, columns that share rows into a table. Rules say how far a
table reaches and part tables that stand side by side; without rules most rows must have a label.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from esg.extract.bands import group_rows, has_figures
from esg.extract.grid import Column, Grid, GridCell, find_columns, place, stands_over
from esg.extract.heads import Head, boxed_span, path, read_heads
from esg.extract.lines import Groups, Line, box_of, overlapping_pairs
from esg.extract.pieces import Piece, Row, cut_pieces, rows_of
from esg.extract.rules import Rules, extents, read_rules
from esg.extract.rulings import Rulings
from esg.extract.values import Kind
from esg.extract.words import Token

ALIGNED_EM = 0.5  # edges or middles of figures in one column differ by less
REACH_EM, RULED_REACH_EM = 4.5, 8.0  # from one figure of a column to the next
EDGE_POINTS = 3.0  # a cell may stick out over the end of its rule by this
LABELLED = 0.6  # of the rows of a table have a label
LONG_LABEL = 90  # letters: sentences that end with a number are longer
HEADER_LINES = 14
HEADER_GAP_EM, RULED_HEADER_GAP_EM = 1.3, 3.0
ROW_RULE_SHARE = 0.5  # of the table's width, for a rule to part rows
FAR_EM = 40.0


class Bounds(NamedTuple):
    x0: float
    y0: float
    x1: float
    y1: float

    def spans(self, line: Line) -> bool:
        """Say whether a line stands between the sides."""
        return self.x0 - EDGE_POINTS <= line.x0 and line.x1 <= self.x1 + EDGE_POINTS

    def holds(self, line: Line) -> bool:
        return self.spans(line) and self.y0 <= (line.y0 + line.y1) / 2 <= self.y1


def find_tables(
    tokens: Sequence[Token], lines: Sequence[Line], rulings: Rulings
) -> tuple[list[Grid], list[Line]]:
    """Find the tables of a page, from top to bottom, and what is left of its lines."""
    pieces = cut_pieces(tokens, lines)
    seeds = [piece for piece in pieces if piece.is_figure and piece.kind is not Kind.RANGE]
    if len(seeds) < 2:
        return [], list(lines)
    rules = read_rules(rulings)
    free = {piece.line.words[0]: piece for piece in pieces}
    grids: list[Grid] = []
    for figures in _link(seeds, pieces, rules):
        bounds = _bounds(figures, list(free.values()), rules)
        while bounds:
            inside = [piece for piece in free.values() if bounds.holds(piece.line)]
            grid, rest = _build(inside, list(free.values()), bounds, rules)
            if grid:
                grids.append(grid)
                for line in grid.lines:
                    del free[line.words[0]]
            bounds = rest
    return grids, _left_over(lines, pieces, free)


def _left_over(lines: Sequence[Line], pieces: Sequence[Piece], free: Mapping[int, Piece]) -> list[Line]:
    """Give the lines no table took, whole, and what is left of those it took a part of."""
    taken = {piece.source for piece in pieces if piece.line.words[0] not in free}
    parts = [piece.line for piece in free.values() if piece.source in taken]
    return [line for index, line in enumerate(lines) if index not in taken] + parts


def _link(figures: list[Piece], pieces: Sequence[Piece], rules: Rules) -> list[list[Piece]]:
    """Group figures that stand in one table."""
    boxes = np.array([piece.line[1:5] for piece in figures], np.float32)
    size = np.array([piece.line.size for piece in figures], np.float32)
    reach = extents(rules, (boxes[:, :2] + boxes[:, 2:]) * np.float32(0.5))
    groups = Groups(len(figures))
    for one, other in _above(boxes, size, reach):
        groups.join(one, other)
    for one, other in _beside(boxes, size, reach):
        if not _words_between(figures[one], figures[other], pieces, ruled=not np.isnan(reach[one, 0])):
            groups.join(one, other)
    return [[figures[i] for i in members] for members in groups.members() if len(members) > 1]


def _apart(reach: NDArray[np.float32], one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say of each pair whether they stand under different rules."""
    apart: NDArray[np.bool_] = (reach[one, 1] <= reach[other, 0] + 1) | (reach[other, 1] <= reach[one, 0] + 1)
    return apart


def _above(
    boxes: NDArray[np.float32], size: NDArray[np.float32], reach: NDArray[np.float32]
) -> list[tuple[int, int]]:
    """Pair each figure with the next one below it in its column."""
    one, other = overlapping_pairs(boxes[:, 0], boxes[:, 2])
    swap = boxes[one, 1] > boxes[other, 1]
    one, other = np.where(swap, other, one), np.where(swap, one, other)
    em = np.maximum(size[one], size[other])
    step = boxes[other, 3] - boxes[one, 3]
    ruled = ~np.isnan(reach[one, 0]) & ~np.isnan(reach[other, 0])
    offset = np.stack(
        (boxes[other, 0] - boxes[one, 0], boxes[other, 2] - boxes[one, 2],
         (boxes[other, 0] + boxes[other, 2] - boxes[one, 0] - boxes[one, 2]) / 2)
    )  # fmt: skip
    keep = (step > 0.5 * em) & (step < np.where(ruled, RULED_REACH_EM, REACH_EM) * em)
    keep &= (np.abs(offset).min(axis=0) < ALIGNED_EM * em) & ~_apart(reach, one, other)
    keep &= np.minimum(size[one], size[other]) > 0.75 * em
    nearest: dict[int, tuple[float, int]] = {}
    for upper, lower, distance in zip(
        one[keep].tolist(), other[keep].tolist(), step[keep].tolist(), strict=True
    ):
        nearest[upper] = min(nearest.get(upper, (np.inf, lower)), (distance, lower))
    return [(upper, lower) for upper, (_, lower) in nearest.items()]


def _beside(
    boxes: NDArray[np.float32], size: NDArray[np.float32], reach: NDArray[np.float32]
) -> list[tuple[int, int]]:
    """Pair each figure with the next one to its right on its line."""
    one, other = overlapping_pairs(boxes[:, 1], boxes[:, 3])
    swap = boxes[one, 0] > boxes[other, 0]
    one, other = np.where(swap, other, one), np.where(swap, one, other)
    overlap = np.minimum(boxes[one, 3], boxes[other, 3]) - np.maximum(boxes[one, 1], boxes[other, 1])
    keep = (overlap > 0.6 * np.minimum(size[one], size[other])) & ~_apart(reach, one, other)
    gap = boxes[other, 0] - boxes[one, 2]
    keep &= gap < FAR_EM * np.maximum(size[one], size[other])
    nearest: dict[int, tuple[float, int]] = {}
    for left, right, distance in zip(
        one[keep].tolist(), other[keep].tolist(), gap[keep].tolist(), strict=True
    ):
        nearest[left] = min(nearest.get(left, (np.inf, right)), (distance, right))
    return [(left, right) for left, (_, right) in nearest.items()]


def _words_between(left: Piece, right: Piece, pieces: Sequence[Piece], *, ruled: bool) -> bool:
    """Say whether words between two figures on a line begin another table."""
    return any(
        not piece.is_figure
        and len(piece.text) > (40 if ruled else 12)
        and left.line.x1 <= piece.line.x0
        and piece.line.x1 <= right.line.x0
        and abs(piece.line.baseline - left.line.baseline) < 0.5 * left.line.size
        for piece in pieces
    )


def _bounds(figures: Sequence[Piece], pieces: Sequence[Piece], rules: Rules) -> Bounds | None:
    """Find how far a table reaches: its rules, else the labels to the left of its figures."""
    free = {piece.line.words[0] for piece in pieces}
    figures = [piece for piece in figures if piece.line.words[0] in free]
    if not figures or all(piece.loose for piece in figures):
        return None
    y0, y1 = min(piece.line.y0 for piece in figures), max(piece.line.y1 for piece in figures)
    x0, x1 = min(piece.line.x0 for piece in figures), max(piece.line.x1 for piece in figures)
    ends = _rule_ends(figures, rules)
    if ends:
        return Bounds(min(x0, ends[0]), y0, max(x1, ends[1]), y1)
    left = _label_edge(figures, pieces)
    return None if left is None else Bounds(left, y0, x1, y1)


def _rule_ends(figures: Sequence[Piece], rules: Rules) -> tuple[float, float] | None:
    """Give the ends of the rules that most figures stand between."""
    middles = [(piece.centre, (piece.line.y0 + piece.line.y1) / 2) for piece in figures]
    found = extents(rules, np.array(middles, np.float32))
    found = found[~np.isnan(found[:, 0])]
    if len(found) < 0.5 * len(figures):
        return None
    return float(found[:, 0].min()), float(found[:, 1].max())


def _label_edge(figures: Sequence[Piece], pieces: Sequence[Piece]) -> float | None:
    """Find the left edge of the labels of a table without rules; none where too few rows have one."""
    words = [piece for piece in pieces if not piece.is_figure]
    rows = rows_of(figures)
    edges = []
    for row in rows:
        first = row.pieces[0].line
        near = [
            piece
            for piece in words
            if piece.line.x1 <= first.x0 + 1
            and first.x0 - piece.line.x1 < FAR_EM * first.size
            and abs(piece.line.baseline - row.baseline) < 0.5 * first.size
            and len(piece.text) < LONG_LABEL
        ]
        if near:
            edges.append(max(near, key=lambda piece: piece.line.x1).line.x0)
    if len(rows) < 2 or len(edges) < LABELLED * len(rows):
        return None
    usual = sorted(edges)[len(edges) // 4]
    return min(edge for edge in edges if edge >= usual - figures[0].line.size)


def _build(
    inside: Sequence[Piece], free: Sequence[Piece], bounds: Bounds, rules: Rules
) -> tuple[Grid | None, Bounds | None]:
    """Build the first table within bounds; the second value is where the next one may start."""
    rows = rows_of(inside)
    if not rows:
        return None, None
    columns = find_columns(rows)
    if not any(column.figures for column in columns) or len(columns) < 2:
        return None, None
    start = _body_start(rows, columns, rules)
    stop, following = _body_stop(rows, columns, start)
    rest = bounds._replace(y0=rows[following].y0) if following < len(rows) else None
    if stop < len(rows):
        columns = find_columns(rows[:stop])
    body = rows[start:stop]
    if not any(column.figures for column in columns) or not _is_table(body, columns, rules, bounds):
        return None, rest
    above = _header_rows(rows[0], free, columns, bounds, rules)
    titles = _trailing(above, columns) if not start else 0  # of groups of rows, below the header
    header, body = above[: len(above) - titles] + rows[:start], above[len(above) - titles :] + body
    return _assemble(header, body, columns, bounds, rules), rest


def _trailing(rows: Sequence[Row], columns: Sequence[Column]) -> int:
    """Count the lines at the end that name no column of figures."""
    named = [any(stands_over(piece, columns) for piece in row.pieces) for row in rows]
    return named[::-1].index(True) if any(named) else 0


def _is_header(row: Row, columns: Sequence[Column]) -> bool:
    """Say whether a line only names columns: periods, or words in columns of figures."""
    inside = [piece.kind for piece in row.pieces if columns[place(piece, columns)].figures]
    if not inside or Kind.VALUE in inside:
        return False
    return Kind.PERIOD in inside or (Kind.TEXT in inside and (len(inside) > 1 or Kind.NIL not in inside))


def _body_start(rows: Sequence[Row], columns: Sequence[Column], rules: Rules) -> int:
    start = 0
    while start < len(rows) - 1 and _is_header(rows[start], columns):
        start += 1
    while 0 < start < len(rows) - 1 and _is_ruled_off(rows[start - 1 : start + 2], columns, rules):
        start += 1
    return start


def _is_ruled_off(rows: Sequence[Row], columns: Sequence[Column], rules: Rules) -> bool:
    """Say whether the second of three lines goes with the first: a rule stands below it, none above."""
    above, row, below = rows
    if has_figures(row, columns):
        return False
    return bool(rules.between(row.baseline, below.baseline)) and not rules.between(
        above.baseline, row.baseline
    )


def _body_stop(rows: Sequence[Row], columns: Sequence[Column], start: int) -> tuple[int, int]:
    """Find the end of the body and where the next table starts: at another header, or after sentences."""
    for index in range(start + 1, len(rows)):
        if _is_next_header(rows[index], columns) and index < len(rows) - 1:
            return _trimmed(rows, columns, index), index
        if _is_sentence(rows[index], columns):
            return _trimmed(rows, columns, index), index + 1
    return len(rows), len(rows)


def _is_next_header(row: Row, columns: Sequence[Column]) -> bool:
    """Say whether a line below the body names columns: periods over several, or words."""
    kinds = [piece.kind for piece in row.pieces if columns[place(piece, columns)].figures]
    names = kinds.count(Kind.TEXT) + kinds.count(Kind.RANGE)
    named = kinds.count(Kind.PERIOD) > 1 or (names > 1 and Kind.TEXT in kinds)
    return named and Kind.VALUE not in kinds and Kind.NIL not in kinds


def _is_sentence(row: Row, columns: Sequence[Column]) -> bool:
    """Say whether a line is words that run on through the columns of figures."""
    only = row.pieces[0] if len(row.pieces) == 1 else None
    return only is not None and len(only.text) > LONG_LABEL and _crosses(only, columns)


def _trimmed(rows: Sequence[Row], columns: Sequence[Column], stop: int) -> int:
    """Leave out the lines without figures at the end: they introduce what follows."""
    while stop > 1 and not has_figures(rows[stop - 1], columns):
        stop -= 1
    return stop


def _is_table(body: Sequence[Row], columns: Sequence[Column], rules: Rules, bounds: Bounds) -> bool:
    """Tell tables from charts, lists of contents and numbers that happen to stand in line."""
    filled = [row for row in body if has_figures(row, columns)]
    labelled = sum(any(not columns[place(p, columns)].figures for p in row.pieces) for row in filled)
    figures = sum(piece.kind in (Kind.VALUE, Kind.NIL) for row in filled for piece in row.pieces)
    if figures < 2 or labelled < 0.5 * len(filled) or _is_axis(body):
        return False
    return len(filled) > 1 or len(filled[0].pieces) > 2


def _is_axis(body: Sequence[Row]) -> bool:
    """Recognise the axis of a chart: four numbers or more at equal steps at the left."""
    first = [
        row.pieces[0].text
        for row in body
        if row.pieces[0].kind is Kind.VALUE and all(piece.is_figure for piece in row.pieces)
    ]
    try:
        numbers = [float(text.replace(",", "").rstrip("%")) for text in first]
    except ValueError:
        return False
    steps = {round(a - b, 6) for a, b in pairwise(numbers)}
    return len(numbers) >= 4 and len(steps) == 1 and steps != {0.0}


def _header_rows(
    top: Row, free: Sequence[Piece], columns: Sequence[Column], bounds: Bounds, rules: Rules
) -> list[Row]:
    """Collect the lines above a table that name its columns."""
    rows = rows_of(
        [piece for piece in free if piece.line.y1 < top.y0 + 0.3 * top.size and bounds.spans(piece.line)]
    )
    found: list[Row] = []
    waiting: list[Row] = []
    edge = top.y0
    for row in reversed(rows[-HEADER_LINES:]):
        ruled = bool(rules.between(row.baseline - 1, edge + 1)) or _is_shaded(row, top, bounds, rules)
        if edge - row.y1 > (RULED_HEADER_GAP_EM if ruled else HEADER_GAP_EM) * top.size:
            break
        inside = [piece for piece in row.pieces if stands_over(piece, columns)]
        if any(_crosses(piece, columns) for piece in row.pieces) or any(p.kind is Kind.VALUE for p in inside):
            break
        waiting.append(row)
        edge = row.y0
        if inside:
            found += waiting
            waiting = []
        elif len(waiting) > 1 and not ruled:
            break
    return found[::-1]


def _is_shaded(row: Row, top: Row, bounds: Bounds, rules: Rules) -> bool:
    """Say whether a vertical edge runs from this line down to the table."""
    v = rules.vertical
    inside = (v[:, 0] >= bounds.x0 - EDGE_POINTS) & (v[:, 2] <= bounds.x1 + EDGE_POINTS)
    return bool((inside & (v[:, 1] < row.baseline) & (v[:, 3] > top.y0 - top.size)).any())


def _crosses(piece: Piece, columns: Sequence[Column]) -> bool:
    """Say whether words run from the labels into the figures, as a title or a sentence does."""
    labels = [column for column in columns if not column.figures]
    first = min((c.x0 for c in columns if c.figures and labels and c.x0 > labels[0].x0), default=np.inf)
    starts_left = bool(labels) and piece.line.x0 < labels[-1].x0 + 2 * piece.line.size
    return starts_left and labels[-1].x0 < first and piece.line.x1 > first + 0.5 * piece.line.size


def _assemble(
    header: Sequence[Row], body: Sequence[Row], columns: Sequence[Column], bounds: Bounds, rules: Rules
) -> Grid:
    levels = read_heads(header, columns, rules)
    heads = [[head.cell for head in level] for level in levels]
    groups = group_rows(body, columns, _row_rules(body, bounds, rules))
    return Grid([*heads, *(_cells(group, columns, levels, rules) for group in groups)], len(heads))


def _row_rules(body: Sequence[Row], bounds: Bounds, rules: Rules) -> list[float]:
    """Give the heights of the rules that part rows; rules through a line are none."""
    width = bounds.x1 - bounds.x0
    return [
        span.y
        for span in rules.between(body[0].y0, body[-1].y1)
        if min(span.x1, bounds.x1) - max(span.x0, bounds.x0) > ROW_RULE_SHARE * width
        and not any(row.y0 + 0.3 * row.size < span.y < row.baseline - 0.1 * row.size for row in body)
    ]


def _cells(
    group: Sequence[Row], columns: Sequence[Column], levels: Sequence[Sequence[Head]], rules: Rules
) -> list[GridCell]:
    cells: dict[int, list[Line]] = {}
    for row in group:
        for piece in row.pieces:
            cells.setdefault(place(piece, columns), []).append(piece.line)
    spare = len(cells) < len(columns)  # only then can a cell stand for several columns
    found = []
    for column, lines in sorted(cells.items()):
        boxed = boxed_span(box_of(lines), columns, rules) if spare else None
        span = boxed if boxed and set(boxed) & set(cells) == {column} else range(column, column + 1)
        found.append(GridCell(column, lines, path(span, levels)))
    return found
