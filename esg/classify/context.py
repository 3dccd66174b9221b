"""scores of sentences in reading order -> scores that heed what stands before and after each.

Neighbours in a report mostly speak of the same thing. How far they do is told by their meaning alone: nothing
is learnt from the order of labels, and a neighbour on another subject hardly counts.
"""

import numpy as np
from numpy.typing import NDArray

from esg.domain import Vectors

REACH = 2  # sentences before and after; 1 and 3 were as good (docs/adr)

Rows = NDArray[np.float64]


def in_context(scores: Rows, vectors: Vectors) -> Rows:
    """Add to each row its neighbours' rows, each by its squared cosine divided by its distance."""
    heeded = scores.copy()
    for distance in range(1, min(REACH, len(scores) - 1) + 1):
        after, before = vectors[distance:].astype(np.float64), vectors[:-distance].astype(np.float64)
        cosines = np.maximum((after * before).sum(axis=1, keepdims=True), 0)
        weights = cosines**2 / distance
        heeded[distance:] += weights * scores[:-distance]
        heeded[:-distance] += weights * scores[distance:]
    return heeded
