"""Figures of one table → how far the table reaches: its rules, else the labels to the left of its figures."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from esg.extract.pdf.lines import Line, box_of
from esg.extract.pdf.tables.pieces import Piece, Row, rows_of
from esg.extract.pdf.tables.rules import Rules, Span, extents
from esg.extract.pdf.tables.values import Kind, is_unit

EDGE_POINTS = 3.0  # a cell may stick out over the end of its rule by this
LABELLED = 0.6  # of the rows of a table without rules have a label
LONG_LABEL = 90  # letters: sentences that end with a number are longer
FAR_EM = 40.0  # from a label to its first figure
ROW_RULE_SHARE = 0.5  # of the table's width, for a rule to part rows
LOOSE_EM = 1.5  # white between two rules: more parts two tables
GOES_ON_EM = 1.35  # from a line of a label to the next
GOES_ON = re.compile(r"[a-z(]")  # how the next line begins
NEAR_RULE_EM = 4.0  # from the first and the last figure to the rules around the table
FRAME_POINTS = 6.0


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

    def crossed_by(self, span: Span) -> bool:
        """Say whether a rule spans most of the width, and ends where the table ends."""
        width = self.x1 - self.x0
        inside = min(span.x1, self.x1) - max(span.x0, self.x0)
        return inside > ROW_RULE_SHARE * width and span.x1 - span.x0 < 1.1 * width

    def is_framed(self, rules: Rules) -> bool:
        """Say whether rules stand above and below."""
        near = rules.between(self.y0 - FRAME_POINTS, self.y1 + FRAME_POINTS)
        return sum(map(self.crossed_by, near)) > 1

    def row_rules(self, body: Sequence[Row], rules: Rules) -> list[float]:
        """Give the heights of the rules that part rows; rules through a line are none."""
        width = self.x1 - self.x0
        letters = [(row.y0 + 0.3 * row.size, row.baseline - 0.1 * row.size) for row in body]
        return [
            span.y
            for span in rules.between(body[0].y0, body[-1].y1)
            if min(span.x1, self.x1) - max(span.x0, self.x0) > ROW_RULE_SHARE * width
            and not any(top < span.y < foot for top, foot in letters)
        ]


def find_bounds(figures: Sequence[Piece], pieces: Sequence[Piece], rules: Rules) -> Bounds | None:
    """Find how far a table reaches; none where neither rules nor labels say so."""
    free = {piece.line.words[0] for piece in pieces}
    figures = [piece for piece in figures if piece.line.words[0] in free]
    if not figures or all(piece.loose for piece in figures):
        return None
    x0, y0, x1, y1 = box_of([piece.line for piece in figures])
    if ends := _rule_ends(figures, rules):
        found = Bounds(min(x0, ends[0]), y0, max(x1, ends[1]), y1)
        return _to_rules(found, figures[0].line.size, pieces, rules)
    left = _label_edge(figures, pieces)
    return None if left is None else Bounds(left, y0, x1, max(y1, _label_foot(left, figures, pieces)))


def _rule_ends(figures: Sequence[Piece], rules: Rules) -> tuple[float, float] | None:
    """Give the ends of the rules that most figures stand between."""
    middles = [(piece.centre, (piece.line.y0 + piece.line.y1) / 2) for piece in figures]
    found = extents(rules, np.array(middles, np.float32))
    found = found[~np.isnan(found[:, 0])]
    if len(found) < 0.5 * len(figures):
        return None
    return float(found[:, 0].min()), float(found[:, 1].max())


def _to_rules(bounds: Bounds, em: float, pieces: Sequence[Piece], rules: Rules) -> Bounds:
    """Widen bounds over the rules near: labels reach beyond their figures, and rows may have none."""
    wide = [span.y for span in rules.spans if bounds.crossed_by(span)]
    spanned = [piece for piece in pieces if bounds.spans(piece.line)]
    y0, y1 = bounds.y0, bounds.y1
    for y in reversed([y for y in wide if y < bounds.y0 + 0.3 * em]):
        if y0 - y > NEAR_RULE_EM * em or _white(y, y0, spanned) > LOOSE_EM * em:
            break
        y0 = min(y, y0)
    for y in (y for y in wide if y > bounds.y1 - 0.3 * em):
        if y - y1 > NEAR_RULE_EM * em or _white(y1, y, spanned) > LOOSE_EM * em:
            break
        y1 = max(y, y1)
    return bounds._replace(y0=y0, y1=y1)


def _white(y0: float, y1: float, pieces: Sequence[Piece]) -> float:
    """Measure how much of the height between two rules is white."""
    rows = rows_of([piece for piece in pieces if y0 <= (piece.line.y0 + piece.line.y1) / 2 <= y1])
    return y1 - y0 - sum(row.y1 - row.y0 for row in rows)


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
            edges.append(_label_of(near).line.x0)
        elif _is_of_period(row):
            edges.append(first.x0)
    if len(rows) < 2 or len(edges) < LABELLED * len(rows):
        return None
    usual = sorted(edges)[len(edges) // 4]
    return min(edge for edge in edges if edge >= usual - figures[0].line.size)


def _label_foot(left: float, figures: Sequence[Piece], pieces: Sequence[Piece]) -> float:
    """Find where the last label ends that goes on below its figures: "(kWh)", "directors (%)"."""
    last = rows_of(figures)[-1]
    foot, baseline = last.y1, last.baseline
    below = sorted((p for p in pieces if not p.is_figure), key=lambda piece: piece.line.baseline)
    for piece in below:
        step = piece.line.baseline - baseline
        inside = left - last.size <= piece.line.x0 and piece.line.x1 <= last.pieces[0].line.x0
        if inside and 0.5 * last.size < step <= GOES_ON_EM * last.size and GOES_ON.match(piece.text):
            foot, baseline = piece.line.y1, piece.line.baseline
    return foot


def _label_of(near: Sequence[Piece]) -> Piece:
    """Give the nearest words to the left of a figure, or those left of them where these are but its unit."""
    nearest = max(near, key=lambda piece: piece.line.x1)
    beyond = [piece for piece in near if piece.line.x1 <= nearest.line.x0]
    return _label_of(beyond) if beyond and is_unit(nearest.text) else nearest


def _is_of_period(row: Row) -> bool:
    """Say whether a row is called by its year and holds several values: "2023 | 1,204 | 88"."""
    first, *others = row.pieces
    return first.kind is Kind.PERIOD and sum(piece.kind is Kind.VALUE for piece in others) > 1
