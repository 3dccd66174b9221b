"""Cosines that are exact, so that no two machines, batches or threads rank by different last bits.

Values are rounded to whole multiples of 1/GRID. Products of such integers and all sums of them stay below
2**53, where 64-bit floats are exact whatever the order of addition; what follows is one division.
"""

import numpy as np
from numpy.typing import NDArray

from esg.domain import Vectors
from esg.embed.unit import GRID

Grid = NDArray[np.float64]  # whole numbers, shape (n, dimensions)
DIGITS = 6  # a cosine is rounded to these before anything ranks on it


def on_grid(vectors: Vectors) -> Grid:
    return np.rint(vectors.astype(np.float64) * GRID)


def cosines(one: Grid, other: Grid) -> NDArray[np.float64]:
    """Give the cosine of each row of `one` with each row of `other`: shape (len(one), len(other))."""
    lengths = np.outer(_lengths(one), _lengths(other))
    return np.round((one @ other.T) / np.maximum(lengths, 1), DIGITS)


def _lengths(rows: Grid) -> NDArray[np.float64]:
    lengths: NDArray[np.float64] = np.sqrt((rows * rows).sum(axis=1))
    return lengths
