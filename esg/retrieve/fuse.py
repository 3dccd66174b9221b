"""Rankings -> one ranking: reciprocal rank fusion (Cormack, Clarke & Büttcher 2009)."""

from collections.abc import Iterable, Sequence

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
    for near, words in zip(dense, lexical, strict=True):
        total += 1 / (RRF_K + _ranks(near))
        total += np.where(words > 0, 1 / (RRF_K + _ranks(words)), 0)
    return np.round(total / len(dense), DIGITS)


def hits(chunks: Sequence[Chunk], dense: Scores, lexical: Scores, *, k: int) -> list[Hit]:
    """Rank chunks by fused score, equal ones in their own order; the parts are the best of any query."""
    scores = fused(dense, lexical)
    best: Iterable[int] = np.argsort(-scores, kind="stable")[: max(k, 0)].tolist()
    return [
        Hit(
            chunks[i], Retrieval(float(dense[:, i].max()), float(lexical[:, i].max()), float(scores[i]), rank)
        )
        for rank, i in enumerate(best, start=1)
    ]


def _ranks(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Rank from 1, the highest score first, equal ones in their own order."""
    ranks = np.empty(len(scores), np.int64)
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return ranks
