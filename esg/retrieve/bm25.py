"""query -> lexical scores of all chunks: BM25 (Robertson & Zaragoza 2009) over postings in NumPy."""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from esg.retrieve.counts import TermCounts, count
from esg.retrieve.terms import terms

K1 = 1.2  # how soon repeating a term stops to count; Robertson & Zaragoza name 1.2 to 2
B = 0.75  # how much long texts are held back; they name 0.5 to 0.8
DIGITS = 6  # a score is rounded to these before anything ranks on it

_QUERIES = 4096  # remembered: those of several rubrics

Scores = NDArray[np.float64]


class _Postings(NamedTuple):
    places: NDArray[np.int64]  # of the texts that have the term
    weights: Scores  # what the term adds to each


@lru_cache(maxsize=_QUERIES)
def _sought(query: str) -> tuple[str, ...]:
    """The terms of a query, once each: a rubric asks the same of every document."""
    return tuple(sorted(set(terms(query))))


class BM25:
    """An index over the texts of one document; a term is weighed when it is first asked for."""

    def __init__(self, texts: Sequence[str], counts: TermCounts | None = None) -> None:
        """Index the texts, whose terms may have been counted before."""
        self._size = len(texts)
        self._counts = counts or count(texts)
        self._rows = {term: row for row, term in enumerate(self._counts.terms)}
        self._norms = self._normalised()
        self._weighed: dict[str, _Postings] = {}

    def scores(self, query: str) -> Scores:
        """Score every text, a term counting once; one without any term of the query gets 0."""
        scores: Scores = self.scores_of_each([query])[0]
        return scores

    def scores_of_each(self, queries: Sequence[str]) -> Scores:
        """Score every text for several queries, a row each."""
        scores: Scores = np.zeros((len(queries), self._size))
        for row, query in zip(scores, queries, strict=True):
            for term in _sought(query):
                if term in self._rows:
                    places, weights = self._postings(term)
                    row[places] += weights
        return np.round(scores, DIGITS)

    def _normalised(self) -> Scores:
        """How much each text's length holds it back."""
        counts = self._counts
        lengths = np.bincount(counts.places, weights=counts.times, minlength=self._size)
        return K1 * (1 - B + B * lengths / max(1.0, lengths.mean() if self._size else 1.0))

    def _postings(self, term: str) -> _Postings:
        """Weigh a term in the texts that have it."""
        if term not in self._weighed:
            row = self._rows[term]
            found = slice(self._counts.starts[row], self._counts.starts[row + 1])
            places, times = self._counts.places[found], self._counts.times[found].astype(np.float64)
            rarity = math.log(1 + (self._size - len(places) + 0.5) / (len(places) + 0.5))
            weights = rarity * times * (K1 + 1) / (times + self._norms[places])
            self._weighed[term] = _Postings(places, weights)
        return self._weighed[term]
