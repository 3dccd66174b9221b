"""question × chunks -> how near the nearest sentence of each chunk comes.

A chunk is one vector, and a single telling sentence may drown in it; the maximum over smaller units is what
passage rankers do (Dai & Callan 2019, "MaxP").
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from esg.chunk import sentences
from esg.embed import Embedder
from esg.embed.cosine import Grid, cosines, on_grid
from esg.retrieve.fitting import embed_fitting

_NOTHING = -1.0  # the least cosine there is, for a chunk without a sentence


def closest(question: Grid, texts: Sequence[str], embedder: Embedder) -> NDArray[np.float64]:
    """Give the highest cosine of any sentence of each text with the question, one row."""
    cut = [_sentences(text) for text in texts]
    known = list(dict.fromkeys(sentence for parts in cut for sentence in parts))
    if not known:
        return np.full(len(texts), _NOTHING)
    near = cosines(question, on_grid(embed_fitting(known, embedder)))[0].tolist()
    of = dict(zip(known, near, strict=True))
    return np.array([max((of[part] for part in parts), default=_NOTHING) for parts in cut])


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text, 0, len(text))]
