"""Lines and rules of a page → its tables, and what is left of its lines.

Figures that stand in columns make tables first; what words are then left between rules makes tables of words.
"""

from collections.abc import Mapping, Sequence

from esg.extract.pdf.lines import Line
from esg.extract.pdf.rulings import Rulings
from esg.extract.pdf.tables.bands import group_rows
from esg.extract.pdf.tables.bounds import Bounds, find_bounds
from esg.extract.pdf.tables.charts import is_table
from esg.extract.pdf.tables.columns import find_columns
from esg.extract.pdf.tables.grid import Columns, Grid, GridCell
from esg.extract.pdf.tables.heads import Head, path, read_heads
from esg.extract.pdf.tables.links import link_figures
from esg.extract.pdf.tables.parts import body_start, body_stop, header_rows, trailing, with_whole_names
from esg.extract.pdf.tables.pieces import Piece, Row, cut_pieces, rejoined, rows_of
from esg.extract.pdf.tables.ruled import find_ruled
from esg.extract.pdf.tables.rules import Rules, read_rules
from esg.extract.pdf.tables.spans import boxed_spans
from esg.extract.pdf.tables.values import Kind
from esg.extract.pdf.words import Token

Free = Mapping[int, Piece]  # pieces no table has taken, by their first word


def find_tables(
    tokens: Sequence[Token], lines: Sequence[Line], rulings: Rulings
) -> tuple[list[Grid], list[Line]]:
    """Find the tables of a page, and what is left of its lines."""
    pieces = cut_pieces(tokens, lines)
    rules = read_rules(rulings)
    free: Free = {piece.line.words[0]: piece for piece in pieces}
    grids: list[Grid] = []
    seeds = [piece for piece in pieces if piece.is_figure and piece.kind is not Kind.RANGE]
    for figures in link_figures(seeds, pieces, rules):
        bounds = find_bounds(figures, list(free.values()), rules)
        while bounds:
            grid, bounds = _build(tokens, free, bounds, rules)
            if grid:
                grids.append(grid)
                free = _without(free, grid)
    left = _left_over(lines, pieces, free)
    worded = find_ruled(left, rules)
    taken = {line.words[0] for grid in worded for line in grid.lines}
    return grids + worded, [line for line in left if line.words[0] not in taken]


def _without(free: Free, grid: Grid) -> Free:
    taken = {word for line in grid.lines for word in line.words}
    return {word: piece for word, piece in free.items() if word not in taken}


def _left_over(lines: Sequence[Line], pieces: Sequence[Piece], free: Free) -> list[Line]:
    """Give the lines no table took, whole, and what is left of those it took a part of."""
    taken = {piece.source for piece in pieces if piece.line.words[0] not in free}
    parts = [piece.line for piece in free.values() if piece.source in taken]
    return [line for index, line in enumerate(lines) if index not in taken] + parts


def _build(
    tokens: Sequence[Token], free: Free, bounds: Bounds, rules: Rules
) -> tuple[Grid | None, Bounds | None]:
    """Build the first table within bounds; the second value is where the next one may start."""
    inside = [piece for piece in free.values() if bounds.holds(piece.line)]
    rows = rows_of(inside)
    columns = find_columns(rows) if rows else Columns(())
    if not columns.has_figures or len(columns) < 2:
        return None, None
    rows = with_whole_names(tokens, rows, columns)
    start = body_start(rows, columns, rules)
    stop, following = body_stop(rows, columns, start)
    rest = bounds._replace(y0=rows[following].y0) if following < len(rows) else None
    if stop < len(rows):
        columns = find_columns(rows[:stop])
    if not columns.has_figures:
        return None, rest
    held = {piece.line.words[0] for piece in inside}
    outside = rejoined(tokens, [piece for word, piece in free.items() if word not in held])
    above = header_rows(rows[0], outside, columns, bounds, rules)
    if not is_table(rows[start:stop], columns, rules, bounds, named=bool(above) or start > 0):
        return None, rest
    titles = trailing(above, columns) if not start else 0  # of groups of rows, below the header
    header = above[: len(above) - titles] + rows[:start]
    body = above[len(above) - titles :] + rows[start:stop]
    return _assemble(header, body, columns, bounds, rules), rest


def _assemble(
    header: Sequence[Row], body: Sequence[Row], columns: Columns, bounds: Bounds, rules: Rules
) -> Grid:
    levels = read_heads(header, columns, rules)
    heads = [[head.cell for head in level] for level in levels]
    groups = group_rows(body, columns, bounds.row_rules(body, rules))
    return Grid([*heads, *(_cells(group, columns, levels, rules) for group in groups)], len(heads))


def _cells(
    group: Sequence[Row], columns: Columns, levels: Sequence[Sequence[Head]], rules: Rules
) -> list[GridCell]:
    cells: dict[int, list[Line]] = {}
    for row in group:
        for piece in row.pieces:
            cells.setdefault(columns.of(piece), []).append(piece.line)
    filled = sorted(cells)
    boxed: Sequence[range | None] = [None] * len(filled)
    if len(cells) < len(columns):  # only then can a cell stand for several columns
        boxed = boxed_spans([cells[column] for column in filled], columns, rules)
    found = []
    for column, wide in zip(filled, boxed, strict=True):
        span = wide if wide and cells.keys() & wide == {column} else range(column, column + 1)
        found.append(GridCell(column, cells[column], path(span, levels)))
    return found
