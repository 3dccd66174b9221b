"""query -> lexical scores of all chunks: BM25 (Robertson & Zaragoza 2009) over postings in NumPy."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from esg.retrieve.terms import terms

K1 = 1.2  # how soon repeating a term stops to count; Robertson & Zaragoza name 1.2 to 2
B = 0.75  # how much long texts are held back; they name 0.5 to 0.8
DIGITS = 6  # a score is rounded to these before anything ranks on it

Scores = NDArray[np.float64]


class _Postings(NamedTuple):
    places: NDArray[np.int64]  # of the texts that have the term
    weights: Scores  # what the term adds to each


class BM25:
    """An index over the texts of one document."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [Counter(terms(text)) for text in texts]
        lengths = np.array([count.total() for count in counts], np.float64)
        self._size = len(texts)
        self._norms = K1 * (1 - B + B * lengths / max(1.0, lengths.mean() if counts else 1.0))
        self._postings = {term: self._weigh(places) for term, places in _inverted(counts).items()}

    def scores(self, query: str) -> Scores:
        """Score every text, a term counting once; one without any term of the query gets 0."""
        scores = np.zeros(self._size)
        for term in sorted(set(terms(query))):
            if term in self._postings:
                places, weights = self._postings[term]
                scores[places] += weights
        return np.round(scores, DIGITS)

    def _weigh(self, found: list[tuple[int, int]]) -> _Postings:
        """Weigh a term in the texts where it was found so many times."""
        places = np.array([place for place, _ in found], np.int64)
        times = np.array([count for _, count in found], np.float64)
        rarity = math.log(1 + (self._size - len(found) + 0.5) / (len(found) + 0.5))
        return _Postings(places, rarity * times * (K1 + 1) / (times + self._norms[places]))


def _inverted(counts: Sequence[Counter[str]]) -> dict[str, list[tuple[int, int]]]:
    inverted: dict[str, list[tuple[int, int]]] = {}
    for place, count in enumerate(counts):
        for term, times in count.items():
            inverted.setdefault(term, []).append((place, times))
    return inverted
