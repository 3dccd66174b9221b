"""A mask → the boxes of what hangs together in it."""

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]


def regions(mask: NDArray[np.bool_]) -> tuple[Integers, Integers]:
    """Give the boxes (x0, y0, x1, y1) of the connected regions of a mask, and the pixels each has."""
    width = mask.shape[1] + 1  # a white column parts the rows
    flat = np.zeros((mask.shape[0], width), np.int8)
    flat[:, :-1] = mask
    edges = np.diff(flat.ravel(), prepend=0, append=0)
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    if not len(starts):
        return np.zeros((0, 4), np.int64), np.zeros(0, np.int64)
    _, label = np.unique(_labels(starts, ends, width), return_inverse=True)
    return _extent(starts, ends, label, width)


def _labels(starts: Integers, ends: Integers, width: int) -> Integers:
    """Give each run of pixels the least number of the runs it hangs together with."""
    one, other = _touching(starts, ends, width)
    label = np.arange(len(starts))
    while True:
        least = np.minimum(label[one], label[other])
        before = label.copy()
        np.minimum.at(label, one, least)
        np.minimum.at(label, other, least)
        label = label[label]
        if (label == before).all():
            return label


def _touching(starts: Integers, ends: Integers, width: int) -> tuple[Integers, Integers]:
    """Give the pairs of runs that lie upon one another in neighbouring rows."""
    first = np.searchsorted(ends, starts + width, side="right")
    count = np.maximum(np.searchsorted(starts, ends + width, side="left") - first, 0)
    one = np.repeat(np.arange(len(starts)), count)
    other = np.repeat(first, count) + np.arange(len(one)) - np.repeat(np.cumsum(count) - count, count)
    return one, other


def _extent(starts: Integers, ends: Integers, label: Integers, width: int) -> tuple[Integers, Integers]:
    order = np.argsort(label, kind="stable")
    cuts = np.flatnonzero(np.diff(label[order], prepend=-1))
    left, right, row = (starts % width)[order], ((ends - 1) % width + 1)[order], (starts // width)[order]
    sides = (
        np.minimum.reduceat(left, cuts),
        np.minimum.reduceat(row, cuts),
        np.maximum.reduceat(right, cuts),
        np.maximum.reduceat(row, cuts) + 1,
    )
    return np.stack(sides, axis=1), np.add.reduceat((ends - starts)[order], cuts)
