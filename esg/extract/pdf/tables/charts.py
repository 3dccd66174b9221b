"""Tell tables from charts, from pictures made of numbers and from numbers that happen to stand in line."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from esg.extract.pdf.tables.bounds import Bounds
from esg.extract.pdf.tables.grid import Columns
from esg.extract.pdf.tables.pieces import Row
from esg.extract.pdf.tables.rules import Rules
from esg.extract.pdf.tables.values import Kind

LABELLED = 0.5  # of the lines with figures have a label
LARGE = 1.35  # times the size of the labels: numbers of a picture
WORDY = 1.2  # lines without figures to one with, where no rules part rows: prose beside numbers
AXIS = 4  # numbers at equal steps


def is_table(body: Sequence[Row], columns: Columns, rules: Rules, bounds: Bounds, *, named: bool) -> bool:
    """Tell tables from charts, pictures made of numbers and numbers that happen to stand in line."""
    filled = [row for row in body if columns.is_filled(row)]
    figures = [piece for row in filled for piece in row.pieces if piece.kind in (Kind.VALUE, Kind.NIL)]
    labels = [piece for row in filled if (piece := columns.label(row))]
    if not figures or len(labels) < LABELLED * len(filled) or _is_axis(filled, columns):
        return False
    if median(p.line.size for p in figures) > LARGE * median(p.line.size for p in labels):
        return False
    ruled = len(bounds.row_rules(body, rules))
    if ruled < 0.5 * len(filled) and len(body) - len(filled) > WORDY * len(filled) + 2:
        return False
    return len(filled) > 1 or len(filled[0].pieces) > 2 or (named and bounds.is_framed(rules))


def _is_axis(filled: Sequence[Row], columns: Columns) -> bool:
    """Recognise the axis of a chart: four numbers or more that fall by equal steps from top to bottom."""
    for index, column in enumerate(columns):
        texts = [p.text for row in filled for p in row.pieces if column.figures and columns.of(p) == index]
        numbers = [_number(text) for text in texts]
        steps = {round(b - a, 6) for a, b in pairwise(numbers)}
        if len(numbers) >= AXIS and len(steps) == 1 and min(steps) < 0:
            return True
    return False


def _number(text: str) -> float:
    """Read a plain number, nan where there is none."""
    try:
        return float(text.replace(",", "").replace("\u00a0", "").rstrip("% "))
    except ValueError:
        return float("nan")
