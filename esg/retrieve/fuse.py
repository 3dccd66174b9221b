"""Rankings -> one ranking: reciprocal rank fusion (Cormack, Clarke & Büttcher 2009)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from esg.domain import Chunk, Hit, Retrieval

RRF_K = 60  # Cormack et al. 2009
DIGITS = 9  # a fused score is rounded to these before anything ranks on it

Scores = NDArray[np.float64]  # one row a query, one column a chunk


def fused(dense: Scores, lexical: Scores) -> NDArray[np.float64]:
    """Give each chunk the mean over all queries of 1/(RRF_K + rank), dense and lexical added.

    A chunk that has no term of a query is not in that query's lexical ranking.
    """
    total = np.zeros(dense.shape[1])
    by_meaning, by_words = 1 / (RRF_K + _ranks(np.array([dense, lexical])))
    by_words[lexical <= 0] = 0
    for near, words in zip(by_meaning, by_words, strict=True):
        total += near
        total += words
    return np.round(total / len(dense), DIGITS)


def hits(chunks: Sequence[Chunk], dense: Scores, lexical: Scores, *, k: int) -> list[Hit]:
    """Rank chunks by fused score, equal ones in their own order; the parts are the best of any query."""
    scores = fused(dense, lexical)
    best = np.argsort(-scores, kind="stable")[: max(k, 0)]
    parts = (dense[:, best].max(axis=0), lexical[:, best].max(axis=0), scores[best])
    found = zip(best.tolist(), *(part.tolist() for part in parts), strict=True)
    return [
        Hit(chunks[place], Retrieval(near, words, both, rank))
        for rank, (place, near, words, both) in enumerate(found, start=1)
    ]


def _ranks(scores: Scores) -> NDArray[np.int64]:
    """Rank from 1 along the last axis, the highest score first, equal ones in their own order."""
    order = np.argsort(-scores, axis=-1, kind="stable")
    ranks = np.empty(scores.shape, np.int64)
    np.put_along_axis(ranks, order, np.arange(1, scores.shape[-1] + 1), axis=-1)
    return ranks
