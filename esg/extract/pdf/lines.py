"""Words → lines: first the pieces that were written in one go, later whole lines of one column."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from esg.extract.pdf.frame import around
from esg.extract.pdf.glyphs import Indices
from esg.extract.pdf.spelling import superscript
from esg.extract.pdf.words import NOTE_MARK, SMALLER, SMALLEST, Token, Words, is_raised
from esg.extract.rows import made

GAP_EM = 1.0  # between words of one line; wider gaps part columns and cells
NO_BLANK_EM, BLANK_EM = 0.04, 0.12  # no blank is narrower; between a word and its mark none is
OVERPRINT_EM = -0.15  # words that overlap by more are printed upon one another
TOUCH_EM = 0.35  # between pieces that were written apart but stand together
MARK_GAP_EM = 4.0  # between a bullet and its text
OVERLAP = 0.5  # of the lower height, for two things to stand on one line
MARK = re.compile(r"(?:[•●○◦▪■□◆◇–—➢►▶▸›»✓✔*·o-]|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)])\Z")


class Line(NamedTuple):
    """Words that stand on one line, from left to right, and their common box."""

    words: tuple[int, ...]
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    baseline: float
    bold: bool
    direction: int = 0


def make_line(tokens: Sequence[Token], members: Iterable[int]) -> Line:
    """Order words from left to right; size and baseline are those of the widest of its words."""
    ids = sorted(members, key=lambda i: (tokens[i].x0, i))
    row = [tokens[i] for i in ids]
    main = _usual(row)
    x0, y0, x1, y1 = zip(*(token[1:5] for token in row), strict=True)
    is_bold = all(token.bold for token in row)
    box = min(x0), min(y0), max(x1), max(y1)
    return Line(tuple(ids), *box, main.size, main.baseline, is_bold, main.direction)


def _usual(row: Sequence[Token]) -> Token:
    """Give the widest of the words that are set in the size most of the line is set in."""
    if len({token.size for token in row}) > 1:
        widths: dict[float, float] = {}
        for token in row:
            widths[token.size] = widths.get(token.size, 0.0) + token.x1 - token.x0
        size = max(widths, key=widths.__getitem__)
        row = [token for token in row if token.size == size]
    return max(row, key=_width)


def _width(token: Token) -> float:
    return token.x1 - token.x0


def box_of(lines: Sequence[Line]) -> tuple[float, float, float, float]:
    """Give the box around lines."""
    x0, y0, x1, y1 = zip(*(line[1:5] for line in lines), strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def read_lines(words: Words) -> tuple[list[Token], list[Line]]:
    """Join words into pieces of lines, in the order they were written; raised marks are spelled as such."""
    if not words.tokens:
        return [], []
    size = np.array([token.size for token in words.tokens])
    direction = np.array([token.direction for token in words.tokens])
    boxes = words.boxes
    before, here = boxes[:-1], boxes[1:]
    em = np.maximum(size[1:], size[:-1])
    gap = here[:, 0] - before[:, 2]
    overlap = np.minimum(here[:, 3], before[:, 3]) - np.maximum(here[:, 1], before[:, 1])
    low = np.minimum(here[:, 3] - here[:, 1], before[:, 3] - before[:, 1])
    same = (gap < GAP_EM * em) & (gap > -TOUCH_EM * em) & (overlap > OVERLAP * low)
    same &= (direction[1:] == 0) & (direction[:-1] == 0)
    starts = np.append(0, np.flatnonzero(~same) + 1)
    lines = join_touching(words.tokens, _written_lines(words, size, starts))
    return _spelled(words.tokens, lines), lines


def _written_lines(words: Words, size: NDArray[np.float64], starts: Indices) -> list[Line]:
    """Make a line of the words from each of `starts` to the next, as `make_line` does."""
    tokens = words.tokens
    left, _, right, _ = words.boxes.astype(np.float64).T
    stops = np.append(starts[1:], len(tokens))
    bold = np.logical_and.reduceat([token.bold for token in tokens], starts)
    of_one_size = np.maximum.reduceat(size, starts) == np.minimum.reduceat(size, starts)
    before = np.append(-np.inf, left[:-1])
    before[starts] = -np.inf
    in_order = np.logical_and.reduceat(before <= left, starts)
    main = [tokens[i] for i in _first_of_largest(right - left, starts).tolist()]
    columns = (
        map(tuple, map(range, starts.tolist(), stops.tolist())),
        *around(words.boxes, starts).T.tolist(),
        [token.size for token in main],
        [token.baseline for token in main],
        bold.tolist(),
        [token.direction for token in main],
    )
    lines = made(Line, zip(*columns, strict=True))
    for i in np.flatnonzero(~(of_one_size & in_order)).tolist():
        lines[i] = make_line(tokens, lines[i].words)
    return lines


def _first_of_largest(values: NDArray[np.float64], starts: Indices) -> Indices:
    """Give the place of the largest value of each group, the first of equals."""
    largest = np.maximum.reduceat(values, starts)
    counts = np.diff(starts, append=len(values))
    places = np.flatnonzero(values == np.repeat(largest, counts))
    return places[np.searchsorted(places, starts)]


def _spelled(tokens: Sequence[Token], lines: Sequence[Line]) -> list[Token]:
    """Glue what no blank parts, and write the raised marks of footnotes among it as superscripts."""
    spelled = list(tokens)
    for line in lines:
        if len(line.words) > 1 and _is_mark_of(tokens[line.words[0]], line):
            spelled[line.words[0]] = _raised(tokens[line.words[0]])
        for before, index in pairwise(line.words):
            token = tokens[index]
            gap = (token.x0 - tokens[before].x1) / line.size
            if _is_mark_of(token, line) and gap < TOUCH_EM:
                spelled[index] = _raised(token)._replace(glued=gap < BLANK_EM)
            elif OVERPRINT_EM < gap < NO_BLANK_EM and not token.direction:
                spelled[index] = token._replace(glued=True)
    return spelled


def _is_mark_of(token: Token, line: Line) -> bool:
    small = SMALLEST * line.size <= token.size <= SMALLER * line.size
    raised = small and is_raised(token.size, token.baseline, line.size, line.baseline)
    return raised and bool(NOTE_MARK.match(token.text))


def _raised(token: Token) -> Token:
    return token._replace(text=superscript(token.text))


def join_touching(tokens: Sequence[Token], lines: list[Line]) -> list[Line]:
    """Join pieces that stand together although they were written apart, and bullets to their text."""
    one, other = _pairs_on_one_line(lines)
    groups = Groups(len(lines))
    marks: dict[int, tuple[float, int]] = {}
    for i, j in zip(one, other, strict=True):
        left, right = (i, j) if lines[i].x0 <= lines[j].x0 else (j, i)
        em = max(lines[i].size, lines[j].size)
        gap = lines[right].x0 - lines[left].x1
        if gap < TOUCH_EM * em:
            groups.join(i, j)
        elif gap < MARK_GAP_EM * em and is_mark(tokens, lines[left]):
            marks[left] = min(marks.get(left, (gap, right)), (gap, right))
    for left, (_, right) in marks.items():
        groups.join(left, right)
    return [
        make_line(tokens, [word for i in members for word in lines[i].words])
        if len(members) > 1
        else lines[members[0]]
        for members in groups.members()
    ]


def is_mark(tokens: Sequence[Token], line: Line) -> bool:
    """Say whether a piece is nothing but a bullet or the number of a list item."""
    return len(line.words) == 1 and bool(MARK.match(tokens[line.words[0]].text))


def _pairs_on_one_line(lines: Sequence[Line]) -> tuple[list[int], list[int]]:
    """Give all pairs of upright pieces whose heights overlap."""
    low, high = np.array([line.y0 for line in lines]), np.array([line.y1 for line in lines])
    one, other = overlapping_pairs(low, high)
    height = high - low
    overlap = np.minimum(high[one], high[other]) - np.maximum(low[one], low[other])
    upright = np.array([line.direction == 0 for line in lines])
    keep = (overlap > OVERLAP * np.minimum(height[one], height[other])) & upright[one] & upright[other]
    return one[keep].tolist(), other[keep].tolist()


def overlapping_pairs(low: NDArray[np.floating], high: NDArray[np.floating]) -> tuple[Indices, Indices]:
    """Give each pair of intervals that overlap, once."""
    order = np.argsort(low, kind="stable")
    reach = np.searchsorted(low[order], high[order], side="left")
    first = np.arange(len(order))
    count = np.maximum(reach - first - 1, 0)
    one = np.repeat(first, count)
    other = one + 1 + np.arange(len(one)) - np.repeat(np.cumsum(count) - count, count)
    return order[one], order[other]


class Groups:
    """Numbers joined into groups (union-find); groups and members come out in ascending order."""

    def __init__(self, size: int) -> None:
        self._root = list(range(size))

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self._find(one), self._find(other)))
        self._root[high] = low

    def members(self) -> list[list[int]]:
        found: dict[int, list[int]] = {}
        for i in range(len(self._root)):
            found.setdefault(self._find(i), []).append(i)
        return list(found.values())

    def _find(self, i: int) -> int:
        while self._root[i] != i:
            self._root[i] = i = self._root[self._root[i]]
        return i
