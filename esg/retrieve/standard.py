"""Scores -> standard scores, so that cosines and BM25 can be added: how many deviations above the mean."""

import math

import numpy as np
from numpy.typing import NDArray

DIGITS = 6  # scores are on this grid when they come, and on it when they leave
_UNIT = 10**DIGITS

Scores = NDArray[np.float64]


def standard(scores: Scores) -> Scores:
    """Give (score - mean) / deviation; 0 for all where all are equal.

    In whole numbers, whose sums are exact in any order: nothing may rank on the last bits of floats
    (docs/adr/vectors-are-exact.md).
    """
    values = [round(score * _UNIT) for score in scores.tolist()]
    n, total = len(values), sum(values)
    spread = math.sqrt(n * sum(value * value for value in values) - total * total)
    return np.round([(n * value - total) / spread if spread else 0.0 for value in values], DIGITS)
