"""Lines → the pieces that may be table cells: cut between figures, and before a figure that ends a line."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from esg.extract.pdf.lines import GAP_EM, OVERLAP, Line, box_of, make_line
from esg.extract.pdf.tables.values import Kind, kind_of
from esg.extract.pdf.words import Token

FIGURE_GAP_EM = 0.45  # between two figures; digits grouped by blanks stand closer
TAIL_GAP_EM = 0.60  # between words and a figure beside them, in another cell


class Piece(NamedTuple):
    """A piece of a line that may be a cell."""

    line: Line
    text: str
    kind: Kind
    source: int  # index of the line it was cut from
    loose: bool = False  # stands near its neighbours: a cell only where other figures stand in its column

    @property
    def centre(self) -> float:
        return (self.line.x0 + self.line.x1) / 2

    @property
    def is_figure(self) -> bool:
        return self.kind is not Kind.TEXT


class Row(NamedTuple):
    """Pieces that stand on one line, from left to right."""

    pieces: list[Piece]
    y0: float
    y1: float
    baseline: float
    size: float


def cut_pieces(tokens: Sequence[Token], lines: Sequence[Line]) -> list[Piece]:
    """Cut upright lines into pieces; every word stays in exactly one piece."""
    return [
        piece
        for source, line in enumerate(lines)
        if not line.direction
        for piece in _cut(tokens, line, source)
    ]


def rejoined(tokens: Sequence[Token], pieces: Sequence[Piece]) -> list[Piece]:
    """Undo the cuts between words and figures that stand near, where no figures stand: above a table."""
    whole: list[Piece] = []
    for piece in sorted(pieces, key=lambda piece: (piece.source, piece.line.x0)):
        last = whole[-1] if whole else None
        if last and last.source == piece.source and _is_one_cell(last, piece):
            line = make_line(tokens, last.line.words + piece.line.words)
            text = f"{last.text} {piece.text}"
            whole[-1] = Piece(line, text, kind_of(text), piece.source)
        else:
            whole.append(piece)
    return whole


def _is_one_cell(left: Piece, right: Piece) -> bool:
    both = left.is_figure and right.is_figure
    return right.line.x0 - left.line.x1 < GAP_EM * right.line.size and not both


def rows_of(pieces: Sequence[Piece]) -> list[Row]:
    """Group pieces into rows, from top to bottom."""
    rows: list[list[Piece]] = []
    y0 = y1 = 0.0  # of the last row
    for piece in sorted(pieces, key=lambda piece: (piece.line.baseline, piece.line.x0)):
        line = piece.line
        overlap = min(y1, line.y1) - max(y0, line.y0)
        if rows and overlap > OVERLAP * min(y1 - y0, line.y1 - line.y0):
            rows[-1].append(piece)
            y0, y1 = min(y0, line.y0), max(y1, line.y1)
        else:
            rows.append([piece])
            y0, y1 = line.y0, line.y1
    return list(map(_row, rows))


def _row(pieces: list[Piece]) -> Row:
    pieces.sort(key=lambda piece: piece.line.x0)
    _, y0, _, y1 = box_of([piece.line for piece in pieces])
    largest = max(pieces, key=lambda piece: piece.line.size).line
    return Row(pieces, y0, y1, largest.baseline, largest.size)


def _cut(tokens: Sequence[Token], line: Line, source: int) -> list[Piece]:
    text = " ".join(tokens[i].text for i in line.words)
    starts_nil = not text[:1].isalnum() and kind_of(tokens[line.words[0]].text) is Kind.NIL
    if len(line.words) == 1 or not (starts_nil or any(map(str.isdigit, text))):
        return [Piece(line, text, kind_of(text), source)]
    cuts = _cuts(tokens, line)
    if len(cuts) == 2:
        return [Piece(line, text, kind_of(text), source)]
    parts = [line.words[a:b] for a, b in pairwise(cuts)]
    return [
        Piece(make_line(tokens, part), text, kind_of(text), source, loose=True)
        for part in parts
        for text in [" ".join(tokens[i].text for i in part)]
    ]


def _cuts(tokens: Sequence[Token], line: Line) -> list[int]:
    """Give the places among the words of a line where it is cut, its ends included."""
    figure = [kind_of(tokens[i].text) is not Kind.TEXT for i in line.words]
    cuts = [0]
    for place, (before, here) in enumerate(pairwise(line.words), start=1):
        gap = (tokens[here].x0 - tokens[before].x1) / line.size
        both = figure[place - 1] and figure[place]
        either = figure[place - 1] or figure[place]
        if gap > GAP_EM or (gap > FIGURE_GAP_EM and both) or (gap > TAIL_GAP_EM and either):
            cuts.append(place)
    return [*cuts, len(line.words)]
