"""Cosines that are exact, so that no two machines, batches or threads rank by different last bits.

Values are rounded to whole multiples of 1/GRID. Products of such integers and all sums of them stay below
2**53, where 64-bit floats are exact whatever the order of addition; what follows is one division.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from esg.domain import Vectors
from esg.embed.unit import GRID

DIGITS = 6  # a cosine is rounded to these before anything ranks on it


class Grid(NamedTuple):
    values: NDArray[np.float64]  # whole numbers, shape (n, dimensions)
    lengths: NDArray[np.float64]  # of the rows


def on_grid(vectors: Vectors) -> Grid:
    values = np.rint(vectors.astype(np.float64) * GRID)
    return Grid(values, np.sqrt((values * values).sum(axis=1)))


def cosines(one: Grid, other: Grid) -> NDArray[np.float64]:
    """Give the cosine of each row of `one` with each row of `other`: shape (len(one), len(other)).

    Row by row: for the few rows of a query that is ten times as fast as one product of matrices.
    """
    rows = [
        other.values @ row / np.maximum(other.lengths * length, 1) for row, length in zip(*one, strict=True)
    ]
    return np.round(np.array(rows).reshape(len(one.values), len(other.values)), DIGITS)
