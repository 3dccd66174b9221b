"""question -> hits: meaning, words and the nearest sentence, added as standard scores of equal weight.

Equal weights are a choice, not a fit: with six questions to learn from any other would be (docs/adr).
"""

from collections.abc import Sequence

import numpy as np

from esg.domain import Chunk, Hit, Retrieval
from esg.embed import Embedder
from esg.embed.cosine import Grid, cosines, on_grid
from esg.retrieve.bm25 import BM25
from esg.retrieve.closest import closest
from esg.retrieve.fitting import embed_fitting
from esg.retrieve.question import Question
from esg.retrieve.standard import DIGITS, Scores, standard

CANDIDATES = 64  # chunks whose sentences are looked at; their vectors are most of what a question costs


def answer(
    question: Question, chunks: Sequence[Chunk], *, vectors: Grid, words: BM25, embedder: Embedder, k: int
) -> list[Hit]:
    """Rank the chunks by how well they answer the question; those that are no candidates come last."""
    meaning = on_grid(embed_fitting([question.subject], embedder))
    dense, lexical = cosines(meaning, vectors)[0], words.scores(question.words)
    first = standard(dense) + standard(lexical)
    order = np.argsort(-np.round(first, DIGITS), kind="stable")
    best = np.sort(order[:CANDIDATES])
    near = closest(meaning, [chunks[i].text for i in best], embedder)
    total: Scores = np.round(first[best] + standard(near), DIGITS)
    ranked = [*best[np.argsort(-total, kind="stable")].tolist(), *order[CANDIDATES:].tolist()]
    fused = dict(zip(best.tolist(), total.tolist(), strict=True))
    return [
        Hit(chunks[i], Retrieval(float(dense[i]), float(lexical[i]), fused.get(i, float(first[i])), rank))
        for rank, i in enumerate(ranked[: max(k, 0)], start=1)
    ]
