"""texts -> rows over their words and pairs of words, hashed, so that a model holds no vocabulary."""

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

BUCKETS = 4096
Rows = NDArray[np.float64]

_WORD = re.compile(r"[^\W\d_]+|\d[\d.,]*")


def counts(texts: Sequence[str]) -> Rows:
    """Count words and pairs of words, repetitions by their logarithm; all figures are one word."""
    rows = np.zeros((len(texts), BUCKETS))
    for row, text in zip(rows, texts, strict=True):
        for term, times in Counter(_terms(text)).items():
            row[zlib.crc32(term.encode()) % BUCKETS] += 1 + np.log(times)
    return rows


def rarity(rows: Rows) -> NDArray[np.float64]:
    """Weigh a bucket by how few texts fill it (inverse document frequency, one text added)."""
    weights: NDArray[np.float64] = 1 + np.log((1 + len(rows)) / (1 + (rows > 0).sum(axis=0)))
    return weights


def weighted(rows: Rows, weights: NDArray[np.float64]) -> Rows:
    """Weigh the buckets and scale each row to length 1."""
    heavy = rows * weights
    scaled: Rows = heavy / np.maximum(np.linalg.norm(heavy, axis=1, keepdims=True), np.finfo(np.float64).tiny)
    return scaled


def _terms(text: str) -> Iterator[str]:
    words = ["#" if word[0].isdigit() else word for word in _WORD.findall(text.lower())]
    yield from words
    yield from (f"{one} {other}" for one, other in pairwise(words))
