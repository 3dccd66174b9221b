"""The picture of a line → where its ink is: from row to row, and from column to column."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from esg.extract.ocr.picture import Pixels

FAINTEST = 30  # of 255, between paper and ink
SHARE = 0.35  # of the darkest ink, from where on a pixel is ink
RULE = 0.7  # of a row under ink: a rule, not letters
BRIDGE = 0.15  # of the height: rows without ink inside a line, as below the dot of an i


class Ink(NamedTuple):
    top: int
    bottom: int  # pixels
    mask: NDArray[np.bool_]  # what of the picture is ink, from top to bottom

    @property
    def columns(self) -> NDArray[np.bool_]:
        """Say of each column whether it has ink."""
        found: NDArray[np.bool_] = np.logical_or.reduce(self.mask, axis=0)
        return found

    def rising(self, left: float, right: float, *, above: float) -> float:
        """Give the first of the columns up to `right` in which all ink ends above a row."""
        first, row = int(left), max(math.ceil(above) - 1 - self.top, 0)
        standing = np.flatnonzero(self.mask[row:, first : int(right)].any(axis=0))
        return float(first + standing[-1] + 1) if len(standing) else left

    def widest_gap(self, left: float, right: float) -> tuple[float, float]:
        """Give the widest white between two columns; the middle between them where there is none."""
        first = int(left)
        white = np.flatnonzero(
            np.diff(self.columns[first : int(right) + 1].astype(np.int8), prepend=1, append=1)
        )
        gaps = white.reshape(-1, 2)
        if not len(gaps):
            return (left + right) / 2, (left + right) / 2
        start, end = gaps[(gaps[:, 1] - gaps[:, 0]).argmax()].tolist()
        return float(first + start), float(first + end)

    @property
    def extent(self) -> tuple[float, float]:
        found = np.flatnonzero(self.columns)
        return (float(found[0]), float(found[-1] + 1)) if len(found) else (0.0, float(len(self.columns)))


def read_ink(pixels: Pixels) -> Ink:
    """Tell ink from paper, whichever is the darker; the paper is what most of the picture is."""
    grey = pixels.astype(np.int16).mean(axis=2)
    difference = np.abs(grey - np.median(grey))
    inked = difference > max(FAINTEST, SHARE * float(difference.max(initial=0)))
    inked[inked.mean(axis=1) > RULE] = False
    top, bottom = _main_rows(inked.any(axis=1))
    return Ink(top, bottom, inked[top:bottom])


def _main_rows(rows: NDArray[np.bool_]) -> tuple[int, int]:
    """Give the longest run of rows with ink: what reaches in from other lines is left out."""
    edges = np.flatnonzero(np.diff(rows.astype(np.int8), prepend=0, append=0)).reshape(-1, 2).tolist()
    runs: list[list[int]] = []
    for start, end in edges:
        if runs and start - runs[-1][1] <= BRIDGE * len(rows):
            runs[-1][1] = end
        else:
            runs.append([start, end])
    longest = max(runs, key=lambda run: run[1] - run[0], default=[0, len(rows)])
    return longest[0], longest[1]
