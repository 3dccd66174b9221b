"""Sentences labelled with TCFD's recommended disclosures ↔ what our classifier says they answer."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from esg.classify import Classifier, Example, own_examples, teach
from esg.classify import words as hashed
from esg.domain import Vectors
from esg.embed import Embedder
from esg.evaluate.alike import parts
from esg.evaluate.bootstrap import MANY, SEED, interval
from esg.evaluate.lines import Record, missing, read_lines
from esg.retrieve.fitting import embed_fitting

FILE = "tcfd.jsonl"
OURS = "this engine"
FOLDS = 5

Rows = NDArray[np.float64]
Learn = Callable[["Set", Sequence[int], Sequence[int]], list[str]]  # the set, to learn from, to label


@dataclass(frozen=True, slots=True)
class Set:
    """Labelled sentences with their vectors, and our own examples with theirs."""

    sentences: tuple[Example, ...]
    vectors: Vectors
    own: tuple[Example, ...]
    own_vectors: Vectors
    labels: tuple[str, ...]
    embedder: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence and the one label it was given."""

    sentence: Example
    label: str

    @property
    def is_right(self) -> bool:
        """A sentence may have several labels; one of them is right."""
        return self.label in self.sentence.labels

    @property
    def is_right_pillar(self) -> bool:
        return pillar(self.label) in {pillar(label) for label in self.sentence.labels}


def pillar(label: str) -> str:
    """Give the pillar of a disclosure: "Strategy a)" is of Strategy."""
    return label.rsplit(" ", 1)[0]


def read_sentences(path: Path) -> list[Example]:
    return [_sentence(n, record) for n, record in enumerate(read_lines(path, FILE), start=1)]


def _sentence(number: int, record: Record) -> Example:
    try:
        example = Example(str(record["text"]), tuple(map(str, record["labels"])))
    except (KeyError, TypeError) as error:
        raise missing(FILE, number, error) from error
    if not example.labels:
        raise missing(FILE, number, "labels")
    return example


def prepare(sentences: Sequence[Example], embedder: Embedder) -> Set:
    own = own_examples()
    return Set(
        tuple(sentences),
        embed_fitting([sentence.text for sentence in sentences], embedder),
        tuple(own),
        embed_fitting([example.text for example in own], embedder),
        tuple(sorted({label for example in [*sentences, *own] for label in example.labels})),
        embedder.id,
    )


def is_fresh(shipped: Classifier, told: Set) -> bool:
    """Say whether a classifier may be measured on these sentences: it was taught none of them."""
    return shipped.embedder == told.embedder and not any(shipped.knows(s.text) for s in told.sentences)


def evaluate_tcfd(told: Set, shipped: Classifier) -> dict[str, list[Labelled]]:
    """Label every sentence by each method, our own first; none learns from a sentence it labels.

    Ours is the shipped classifier where that is fresh. Else it is taught anew in each of five folds.
    """
    ours = _by(told, shipped) if is_fresh(shipped, told) else _folded(told, _ours)
    return {OURS: ours, **{name: _folded(told, learn) for name, learn in BASELINES.items()}}


def teach_all(told: Set) -> Classifier:
    """Teach a classifier with all sentences and our own examples, to be kept."""
    return _taught(told, range(len(told.sentences)))


def accuracy(given: Sequence[Labelled]) -> float:
    return fmean(one.is_right for one in given)


def pillar_accuracy(given: Sequence[Labelled]) -> float:
    return fmean(one.is_right_pillar for one in given)


FIGURES = {"accuracy": accuracy, "pillar_accuracy": pillar_accuracy}


def summary(given: Sequence[Labelled]) -> dict[str, float]:
    """Give the share of sentences whose label, or the label's pillar, is among those they have."""
    return {name: figure(given) for name, figure in FIGURES.items()}


def intervals(given: Sequence[Labelled]) -> dict[str, tuple[float, float]]:
    """Give the 95 % interval of each share, sentences resampled."""
    return {name: interval(given, figure, resamples=MANY) for name, figure in FIGURES.items()}


def by_label(given: Sequence[Labelled]) -> list[dict[str, object]]:
    """Count for each label the sentences that have it, those given it, and those given it rightly."""
    has = Counter(label for one in given for label in one.sentence.labels)
    says = Counter(one.label for one in given)
    right = Counter(one.label for one in given if one.is_right)
    return [
        {"label": label, "sentences": has[label], "given": says[label], "right": right[label]}
        for label in sorted(has | says)
    ]


def confusion(given: Sequence[Labelled]) -> dict[str, dict[str, int]]:
    """Count sentences by their pillar (the given one where it is among several) and the pillar given."""
    pairs = Counter((_gold_pillar(one), pillar(one.label)) for one in given)
    names = sorted({name for pair in pairs for name in pair})
    return {gold: {said: pairs[gold, said] for said in names} for gold in names}


def _gold_pillar(one: Labelled) -> str:
    return pillar(one.label if one.is_right_pillar else one.sentence.labels[0])


# -- methods


def _folded(told: Set, learn: Learn) -> list[Labelled]:
    """Cross-validate: five parts, near-duplicates in one, each labelled by what the other four taught."""
    labels = [""] * len(told.sentences)
    texts = [sentence.text for sentence in told.sentences]
    for part in parts(texts, count=FOLDS, seed=SEED):
        others = [place for place in range(len(texts)) if place not in set(part)]
        for place, label in zip(part, learn(told, others, part), strict=True):
            labels[place] = label
    return [Labelled(sentence, label) for sentence, label in zip(told.sentences, labels, strict=True)]


def _by(told: Set, classifier: Classifier) -> list[Labelled]:
    found = classifier.best([sentence.text for sentence in told.sentences], told.vectors)
    return [Labelled(sentence, label) for sentence, label in zip(told.sentences, found, strict=True)]


def _taught(told: Set, places: Sequence[int]) -> Classifier:
    examples = [*(told.sentences[place] for place in places), *told.own]
    vectors = np.vstack([told.vectors[list(places)], told.own_vectors])
    return teach(examples, vectors, labels=told.labels, embedder=told.embedder)


def _ours(told: Set, others: Sequence[int], part: Sequence[int]) -> list[str]:
    texts = [told.sentences[place].text for place in part]
    return _taught(told, others).best(texts, told.vectors[list(part)])


def _without_labels(told: Set, others: Sequence[int], part: Sequence[int]) -> list[str]:
    return _ours(told, [], part)


def _nearest_meaning(told: Set, others: Sequence[int], part: Sequence[int]) -> list[str]:
    return _nearest_centroid(told, told.vectors.astype(np.float64), others, part)


def _nearest_words(told: Set, others: Sequence[int], part: Sequence[int]) -> list[str]:
    counted = hashed.counts([sentence.text for sentence in told.sentences])
    rows = hashed.weighted(counted, hashed.rarity(counted[list(others)]))
    return _nearest_centroid(told, rows, others, part)


def _nearest_centroid(told: Set, rows: Rows, others: Sequence[int], part: Sequence[int]) -> list[str]:
    """Give the label whose sentences' mean is nearest (Rocchio's classifier)."""
    centres = np.array([_centre(told, rows, others, label) for label in told.labels])
    return [told.labels[place] for place in np.round(rows[list(part)] @ centres.T, 6).argmax(axis=1)]


def _centre(told: Set, rows: Rows, others: Sequence[int], label: str) -> Rows:
    own = [place for place in others if label in told.sentences[place].labels]
    mean = rows[own].mean(axis=0) if own else np.zeros(rows.shape[1])
    centre: Rows = mean / max(float(np.linalg.norm(mean)), float(np.finfo(np.float64).tiny))
    return centre


BASELINES: Mapping[str, Learn] = {
    "our examples alone": _without_labels,
    "TF-IDF, nearest centroid": _nearest_words,
    "dense, nearest centroid": _nearest_meaning,
}
