"""Vectors on a stated grid: the last bits of a float sum must not decide anything."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from esg.domain import Vectors

GRID = 2**14  # steps from 0 to 1; the rounding moves a cosine by less than 1e-4


def unit(rows: NDArray[Any]) -> Vectors:
    """Scale rows to length 1, round each value to 1/GRID and scale again.

    The squares of values on the grid add up exactly in 64-bit floats, in whatever order they are added,
    so the second scaling depends on the rounded values alone.
    """
    rounded = np.rint(_scaled(rows.astype(np.float64)) * GRID)
    return _scaled(rounded).astype(np.float32)


def _scaled(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths = np.sqrt((rows * rows).sum(axis=1, keepdims=True))
    scaled: NDArray[np.float64] = rows / np.maximum(lengths, np.finfo(np.float64).tiny)
    return scaled
