"""Figures → groups of figures that stand in one table.

A figure is linked to the next one below it in its column and to the next one beside it on its line, unless
they stand under different rules or words between them begin another table.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from esg.extract.pdf.frame import Boxes, Points
from esg.extract.pdf.glyphs import Floats, Indices
from esg.extract.pdf.lines import Groups, overlapping_pairs
from esg.extract.pdf.tables.pieces import Piece
from esg.extract.pdf.tables.rules import Rules, extents

ALIGNED_EM = 0.5  # edges or middles of figures in one column differ by less
REACH_EM, RULED_REACH_EM = 4.5, 8.0  # from one figure of a column to the next
FAR_EM = 40.0  # from one figure of a line to the next, where no rules join them
LONG_WORDS, LONG_RULED_WORDS = 12, 40  # letters between two figures on a line: the label of another table


def link_figures(figures: Sequence[Piece], pieces: Sequence[Piece], rules: Rules) -> list[list[Piece]]:
    """Group figures that stand in one table; figures that stand alone are left out."""
    if len(figures) < 2:
        return []
    boxes = np.array([piece.line[1:5] for piece in figures], np.float32)
    size = np.array([piece.line.size for piece in figures], np.float32)
    reach = extents(rules, (boxes[:, :2] + boxes[:, 2:]) * np.float32(0.5))
    words = sorted((p for p in pieces if not p.is_figure and len(p.text) > LONG_WORDS), key=_height)
    heights = [_height(piece) for piece in words]
    groups = Groups(len(figures))
    for one, other in _above(boxes, size, reach):
        groups.join(one, other)
    for one, other in _beside(boxes, size, reach):
        em = 0.5 * figures[one].line.size
        first = bisect_left(heights, _height(figures[one]) - em)
        last = bisect_right(heights, _height(figures[one]) + em)
        longest = LONG_WORDS if np.isnan(reach[one, 0]) else LONG_RULED_WORDS
        if not _words_between(figures[one], figures[other], words[first:last], longest):
            groups.join(one, other)
    return [[figures[i] for i in members] for members in groups.members() if len(members) > 1]


def _height(piece: Piece) -> float:
    return piece.line.baseline


def _apart(reach: Points, one: Indices, other: Indices) -> NDArray[np.bool_]:
    """Say of each pair whether they stand under different rules."""
    apart: NDArray[np.bool_] = (reach[one, 1] <= reach[other, 0] + 1) | (reach[other, 1] <= reach[one, 0] + 1)
    return apart


def _above(boxes: Boxes, size: Floats, reach: Points) -> list[tuple[int, int]]:
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
    return _nearest(one[keep], other[keep], step[keep])


def _beside(boxes: Boxes, size: Floats, reach: Points) -> list[tuple[int, int]]:
    """Pair each figure with the next one to its right on its line."""
    one, other = overlapping_pairs(boxes[:, 1], boxes[:, 3])
    swap = boxes[one, 0] > boxes[other, 0]
    one, other = np.where(swap, other, one), np.where(swap, one, other)
    overlap = np.minimum(boxes[one, 3], boxes[other, 3]) - np.maximum(boxes[one, 1], boxes[other, 1])
    keep = (overlap > 0.6 * np.minimum(size[one], size[other])) & ~_apart(reach, one, other)
    gap = boxes[other, 0] - boxes[one, 2]
    ruled = ~np.isnan(reach[one, 0]) & ~np.isnan(reach[other, 0])
    keep &= ruled | (gap < FAR_EM * np.maximum(size[one], size[other]))
    return _nearest(one[keep], other[keep], gap[keep])


def _nearest(one: Indices, other: Indices, distance: Floats) -> list[tuple[int, int]]:
    """Keep of each first figure the pair with the nearest second one."""
    nearest: dict[int, tuple[float, int]] = {}
    for a, b, apart in zip(one.tolist(), other.tolist(), distance.tolist(), strict=True):
        nearest[a] = min(nearest.get(a, (np.inf, b)), (apart, b))
    return [(a, b) for a, (_, b) in nearest.items()]


def _words_between(left: Piece, right: Piece, words: Sequence[Piece], longest: int) -> bool:
    """Say whether words between two figures on a line begin another table."""
    return any(
        len(piece.text) > longest and left.line.x1 <= piece.line.x0 and piece.line.x1 <= right.line.x0
        for piece in words
    )
