"""The rows of a table → its header and its body, and where the next table begins."""

from collections.abc import Sequence

from esg.extract.pdf.tables.bounds import EDGE_POINTS, LONG_LABEL, Bounds
from esg.extract.pdf.tables.grid import Columns
from esg.extract.pdf.tables.pieces import Piece, Row, rejoined, rows_of
from esg.extract.pdf.tables.rules import Rules
from esg.extract.pdf.tables.values import Kind
from esg.extract.pdf.words import Token

HEADER_LINES = 14
HEADER_GAP_EM, RULED_HEADER_GAP_EM = 1.3, 3.0  # white between two lines of a header


def with_whole_names(tokens: Sequence[Token], rows: Sequence[Row], columns: Columns) -> list[Row]:
    """Undo cuts in the lines at the top that name columns, as in `Cost (€ 1,000)`."""
    whole = list(rows)
    for index, row in enumerate(rows[:HEADER_LINES]):
        joined = rows_of(rejoined(tokens, row.pieces))[0]
        if not (_is_header(joined, columns) or not columns.is_filled(joined)):
            break
        whole[index] = joined
    return whole


def _is_header(row: Row, columns: Columns) -> bool:
    """Say whether a line only names columns: periods, or words in columns of figures."""
    inside = [piece.kind for piece in row.pieces if columns.in_figures(piece)]
    if not inside or Kind.VALUE in inside:
        return False
    return Kind.PERIOD in inside or (Kind.TEXT in inside and (len(inside) > 1 or Kind.NIL not in inside))


def _is_bold(row: Row) -> bool:
    return all(piece.line.bold for piece in row.pieces)


def body_start(rows: Sequence[Row], columns: Columns, rules: Rules) -> int:
    start = 0
    bold = _is_bold(rows[0]) and not all(_is_bold(row) for row in rows)
    while start < len(rows) - 1 and _is_header(rows[start], columns) and (_is_bold(rows[start]) or not bold):
        start += 1
    while 0 < start < len(rows) - 1 and _is_ruled_off(rows[start - 1 : start + 2], columns, rules):
        start += 1
    return start


def _is_ruled_off(rows: Sequence[Row], columns: Columns, rules: Rules) -> bool:
    """Say whether the second of three lines goes with the first: a rule stands below it, none above."""
    above, row, below = rows
    kinds = {columns.in_figures(piece) for piece in row.pieces}
    if columns.is_filled(row) and len(kinds) > 1:
        return False
    return bool(rules.between(row.baseline, below.baseline)) and not rules.between(
        above.baseline, row.baseline
    )


def body_stop(rows: Sequence[Row], columns: Columns, start: int) -> tuple[int, int]:
    """Find the end of the body and where the next table starts: at another header, or after sentences."""
    for index in range(start + 1, len(rows)):
        if _is_next_header(rows[index], columns) and index < len(rows) - 1:
            return _trimmed(rows, columns, index), index
        if index < len(rows) - 2 and _is_title(rows[index], rows[index + 1], columns):
            return _trimmed(rows, columns, index), index + 1
        if _is_sentence(rows[index], columns):
            return _trimmed(rows, columns, index), index + 1
    return len(rows), len(rows)


def _is_next_header(row: Row, columns: Columns) -> bool:
    """Say whether a line below the body names columns: periods over several, or words."""
    kinds = [piece.kind for piece in row.pieces if columns.in_figures(piece)]
    names = kinds.count(Kind.TEXT) + kinds.count(Kind.RANGE)
    named = kinds.count(Kind.PERIOD) > 1 or (names > 1 and Kind.TEXT in kinds and _is_bold(row))
    return named and Kind.VALUE not in kinds and Kind.NIL not in kinds


def _is_title(row: Row, below: Row, columns: Columns) -> bool:
    """Say whether a line without figures has a header below it, and is the title of the next table."""
    return not columns.is_filled(row) and _is_header(below, columns) and _is_bold(below)


def _is_sentence(row: Row, columns: Columns) -> bool:
    """Say whether a line is words that run on through the columns of figures."""
    only = row.pieces[0] if len(row.pieces) == 1 else None
    return only is not None and len(only.text) > LONG_LABEL and columns.crosses(only)


def _trimmed(rows: Sequence[Row], columns: Columns, stop: int) -> int:
    """Leave out the lines without figures at the end: they introduce what follows."""
    while stop > 1 and not columns.is_filled(rows[stop - 1]):
        stop -= 1
    return stop


def header_rows(top: Row, free: Sequence[Piece], columns: Columns, bounds: Bounds, rules: Rules) -> list[Row]:
    """Collect the lines above a table that name its columns."""
    higher = [piece for piece in free if piece.line.baseline < top.baseline - 0.3 * top.size]
    rows = rows_of([piece for piece in higher if bounds.spans(piece.line)])
    found: list[Row] = []
    waiting: list[Row] = []
    edge = top.y0
    for row in reversed(rows[-HEADER_LINES:]):
        ruled = bool(rules.between(row.baseline - 1, edge + 1)) or _is_shaded(row, top, bounds, rules)
        if edge - row.y1 > (RULED_HEADER_GAP_EM if ruled else HEADER_GAP_EM) * top.size:
            break
        inside = [piece for piece in row.pieces if columns.stands_over(piece)]
        if any(columns.crosses(piece) for piece in row.pieces) or any(p.kind is Kind.VALUE for p in inside):
            break
        if _is_prose(row):
            break
        waiting.append(row)
        edge = row.y0
        if inside:
            found += waiting
            waiting = []
        elif len(waiting) > 1 and not ruled:
            break
    return found[::-1]


def _is_prose(row: Row) -> bool:
    """Say whether a line is one of a paragraph that stands close above a table."""
    if len(row.pieces) > 1 or _is_bold(row):
        return False
    text = row.pieces[0].text
    return len(text) > LONG_LABEL or (len(text) > LONG_LABEL / 2 and text.endswith((".", ":")))


def _is_shaded(row: Row, top: Row, bounds: Bounds, rules: Rules) -> bool:
    """Say whether a vertical edge runs from this line down to the table."""
    v = rules.vertical
    inside = (v[:, 0] >= bounds.x0 - EDGE_POINTS) & (v[:, 2] <= bounds.x1 + EDGE_POINTS)
    return bool((inside & (v[:, 1] < row.baseline) & (v[:, 3] > top.y0 - top.size)).any())


def trailing(rows: Sequence[Row], columns: Columns) -> int:
    """Count the lines at the end that name no column of figures."""
    named = [any(columns.stands_over(piece) for piece in row.pieces) for row in rows]
    return named[::-1].index(True) if any(named) else 0
