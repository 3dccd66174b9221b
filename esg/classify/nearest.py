"""vectors × taught examples -> a vote of the example nearest in meaning, beside what weights tell."""

import numpy as np
from numpy.typing import NDArray

from esg.domain import Vectors

WEIGHT = 0.1  # 0.07 to 0.15 were as good on halves of the labels (docs/adr)
DIGITS = 6  # a cosine is rounded to these before the nearest is taken

Rows = NDArray[np.float64]


def votes(vectors: Vectors, examples: Vectors, shares: Rows) -> Rows:
    """Give each vector (unit length) the labels of its nearest example, as much as the cosine says."""
    cosines = np.round(vectors.astype(np.float64) @ examples.astype(np.float64).T, DIGITS)
    near = cosines.argmax(axis=1)
    heard: Rows = WEIGHT * np.maximum(cosines.max(axis=1), 0)[:, None] * shares[near]
    return heard
