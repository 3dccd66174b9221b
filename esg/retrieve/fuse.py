"""Rankings -> one ranking a question: reciprocal rank fusion (Cormack, Clarke & Büttcher 2009)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from esg.domain import Chunk, Hit, Retrieval
from esg.embed import cosine
from esg.retrieve import bm25

RRF_K = 60  # Cormack et al. 2009
DIGITS = 9  # a fused score is rounded to these before anything ranks on it
_UNIT = 10 ** max(bm25.DIGITS, cosine.DIGITS)  # scores come as whole multiples of 1/_UNIT

Scores = NDArray[np.float64]  # one row a query, one column a chunk


def fused(dense: Scores, lexical: Scores, starts: Sequence[int] = (0,)) -> Scores:
    """Give each chunk the mean over a question's queries of 1/(RRF_K + rank), dense and lexical added.

    The queries of a question are the rows from its start to the next one's. A chunk that has no term of a
    query is not in that query's lexical ranking.
    """
    both = np.stack([_reciprocal_ranks(dense), np.where(lexical > 0, _reciprocal_ranks(lexical), 0)], axis=1)
    queries = np.diff([*starts, len(dense)])
    total = np.add.reduceat(np.concatenate(both), 2 * np.asarray(starts), axis=0)
    means: Scores = total / queries[:, None]
    return np.round(means, DIGITS)


def hits(
    chunks: Sequence[Chunk], dense: Scores, lexical: Scores, *, k: int, starts: Sequence[int] = (0,)
) -> list[list[Hit]]:
    """Rank chunks for each question by fused score, equal ones in their own order.

    The parts of a score are the best of any of the question's queries.
    """
    scores = fused(dense, lexical, starts)
    best = _order(np.rint(scores * 10**DIGITS))[:, : max(k, 0)]
    parts = (np.maximum.reduceat(dense, starts, axis=0), np.maximum.reduceat(lexical, starts, axis=0), scores)
    found = (best, *(np.take_along_axis(part, best, axis=-1) for part in parts))
    return [
        [
            Hit(chunks[place], Retrieval(near, words, both, rank))
            for rank, (place, near, words, both) in enumerate(zip(*question, strict=True), start=1)
        ]
        for question in zip(*(columns.tolist() for columns in found), strict=True)
    ]


def _reciprocal_ranks(scores: Scores) -> Scores:
    """Give 1/(RRF_K + rank) in each row, the highest score first, equal ones in their own order."""
    order = _order(np.rint(scores * _UNIT))
    reciprocal = np.empty(scores.shape)
    np.put_along_axis(reciprocal, order, 1 / (RRF_K + np.arange(1, scores.shape[-1] + 1)), axis=-1)
    return reciprocal


def _order(scores: Scores) -> NDArray[np.int64]:
    """Where the highest of each row's whole scores are, the highest first, equal ones in their own order.

    The places are sorted with the scores, as the last bits of one number: for 700 chunks a quarter of what a
    stable sort of places takes, which looks up a score for each.
    """
    bits = int(scores.shape[-1]).bit_length()
    numbers = (-scores).astype(np.int64) << bits | np.arange(scores.shape[-1])
    numbers.sort(axis=-1)
    order: NDArray[np.int64] = numbers & ((1 << bits) - 1)
    return order
