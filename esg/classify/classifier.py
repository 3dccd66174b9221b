"""examples -> a classifier; sentences -> how much each label fits them.

A row is the sentence's vector and its hashed words, each of length 1. Regularised least squares were better
than logistic regression on a few hundred examples and need no iteration; the nearest example adds its vote
(docs/adr). Sentences that are read one after the other are told more rightly in their context.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from esg.classify import nearest, ridge, words
from esg.classify.context import in_context
from esg.classify.examples import Example
from esg.domain import Vectors

DAMPING = 1.0  # flat from 0.5 to 2 in cross-validation
DIGITS = 6  # a score is rounded to these before anything ranks on it

Rows = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Classifier:
    """`taught` names the sentences it has seen, by hash: it must not be measured on them."""

    labels: tuple[str, ...]
    weights: Rows  # a row for each value of a vector, then for each bucket of words; a column for each label
    means: Rows  # a label's share of the examples
    rarity: Rows
    examples: Vectors  # a row for each example
    shares: Rows  # a row for each example, its labels in equal parts
    embedder: str
    taught: frozenset[str]

    def scores(self, texts: Sequence[str], vectors: Vectors) -> Rows:
        """Give a row for each text on its own, a column for each label; the highest fits best."""
        rows = _rows(words.counts(texts), vectors, self.rarity)
        heard = nearest.votes(vectors, self.examples, self.shares)
        return np.round(rows @ self.weights + self.means + heard, DIGITS)

    def best(self, texts: Sequence[str], vectors: Vectors) -> list[str]:
        """Give the label that fits each text best, whatever stands around it."""
        return self._highest(self.scores(texts, vectors))

    def read(self, texts: Sequence[str], vectors: Vectors) -> list[str]:
        """Give the label that fits each text best among its neighbours; texts come in reading order."""
        return self._highest(np.round(in_context(self.scores(texts, vectors), vectors), DIGITS))

    def _highest(self, scores: Rows) -> list[str]:
        return [self.labels[place] for place in scores.argmax(axis=1)]

    def knows(self, text: str) -> bool:
        return name_of(text) in self.taught


def teach(
    examples: Sequence[Example], vectors: Vectors, *, labels: Sequence[str], embedder: str
) -> Classifier:
    """Learn from examples and their vectors; one with several labels counts for each of them in part."""
    counted = words.counts([example.text for example in examples])
    rarity = words.rarity(counted)
    targets = _targets(examples, labels)
    means = targets.mean(axis=0)
    weights = ridge.fit(_rows(counted, vectors, rarity), targets - means, damping=DAMPING)
    taught = frozenset(name_of(example.text) for example in examples)
    return Classifier(tuple(labels), weights, means, rarity, vectors, targets, embedder, taught)


def name_of(text: str) -> str:
    """Name a sentence without keeping it: blanks and case aside, 16 hexadecimal digits of its SHA-256."""
    return sha256(" ".join(text.lower().split()).encode()).hexdigest()[:16]


def _targets(examples: Sequence[Example], labels: Sequence[str]) -> Rows:
    hits = np.array([[label in example.labels for label in labels] for example in examples], np.float64)
    shares: Rows = hits / np.maximum(hits.sum(axis=1, keepdims=True), 1)
    return shares


def _rows(counted: Rows, vectors: Vectors, rarity: Rows) -> Rows:
    return np.hstack([vectors.astype(np.float64), words.weighted(counted, rarity)])
