"""question -> hits: meaning, words and the nearest sentence, added as standard scores of equal weight.

Equal weights are a choice, not a fit: labelled questions are too few to learn weights from
(docs/adr/questions-are-answered-by-sentences.md).
"""

from collections.abc import Sequence

import numpy as np

from esg.domain import Chunk, Hit, Retrieval
from esg.embed import Embedder
from esg.embed.cosine import Grid
from esg.retrieve.closest import closest
from esg.retrieve.standard import DIGITS, Scores, standard

CANDIDATES = 64  # chunks whose sentences are looked at; their vectors are most of what a question costs


def answers(
    meaning: Grid, chunks: Sequence[Chunk], *, dense: Scores, lexical: Scores, embedder: Embedder, k: int
) -> list[Hit]:
    """Rank chunks by how well they answer a question; those that are no candidates come last.

    `meaning` is the question's vector, `dense` and `lexical` hold a score for each chunk.
    """
    first = np.round(standard(dense) + standard(lexical), DIGITS)
    order = np.argsort(-first, kind="stable")
    best = np.sort(order[:CANDIDATES])
    near = closest(meaning, [chunks[i].text for i in best], embedder)
    total = first.copy()
    total[best] = np.round(first[best] + standard(near), DIGITS)
    ranked = [*best[np.argsort(-total[best], kind="stable")].tolist(), *order[CANDIDATES:].tolist()]
    return [
        Hit(chunks[i], Retrieval(float(dense[i]), float(lexical[i]), float(total[i]), rank))
        for rank, i in enumerate(ranked[: max(k, 0)], start=1)
    ]
