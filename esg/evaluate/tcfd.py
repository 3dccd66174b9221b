"""Sentences labelled with TCFD's recommended disclosures ↔ what our classifier says they answer."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
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
from esg.evaluate.halves import halves
from esg.evaluate.lines import Record, missing, read_lines
from esg.retrieve.fitting import embed_fitting

FILE = "tcfd.jsonl"
OURS = "this engine"
ALONE = "each sentence alone"
HALF_IN_CONTEXT = "taught by one half, in context"
HALF_ALONE = "taught by one half, each sentence alone"
READ = "shipped classifier, the file read as running text"
CROSS_VALIDATED = "cross-validated in five parts, each sentence alone"
FOLDS = 5

Rows = NDArray[np.float64]
Learn = Callable[["Set", Sequence[int], Sequence[int]], list[str]]  # the set, to learn from, to label
Say = Callable[[Sequence[str], Vectors], list[str]]  # texts in reading order and their vectors


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


def to_measure(told: Set, shipped: Classifier) -> Set:
    """Leave out what the classifier was taught where that is the lesser part; else all is cross-validated."""
    if shipped.embedder != told.embedder:
        return told
    new = [place for place, sentence in enumerate(told.sentences) if not shipped.knows(sentence.text)]
    return told if 2 * len(new) < len(told.sentences) else _only(told, new)


def _only(told: Set, places: Sequence[int]) -> Set:
    sentences = tuple(told.sentences[place] for place in places)
    return replace(told, sentences=sentences, vectors=told.vectors[list(places)])


def evaluate_tcfd(told: Set, shipped: Classifier) -> dict[str, list[Labelled]]:
    """Label the sentences by each method, our own first; none learns from a sentence it labels or heeds.

    Ours is the shipped classifier where that is fresh, reading the file as running text. Else it is taught
    anew: in five folds, whose sentences stand alone, and by halves, whose sentences have neighbours.
    """
    ours = _read(told, shipped) if is_fresh(shipped, told) else _taught_anew(told)
    return {**ours, **{name: _folded(told, learn) for name, learn in BASELINES.items()}}


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


def _read(told: Set, shipped: Classifier) -> dict[str, list[Labelled]]:
    everything = range(len(told.sentences))
    return {OURS: _by(told, everything, shipped.read), ALONE: _by(told, everything, shipped.best)}


def _taught_anew(told: Set) -> dict[str, list[Labelled]]:
    in_context, alone = [], []
    for others, half in halves([sentence.text for sentence in told.sentences]):
        classifier = _taught(told, others)
        in_context += _by(told, half, classifier.read)
        alone += _by(told, half, classifier.best)
    return {OURS: _folded(told, _ours), HALF_IN_CONTEXT: in_context, HALF_ALONE: alone}


def _by(told: Set, places: Sequence[int], say: Say) -> list[Labelled]:
    sentences = [told.sentences[place] for place in places]
    found = say([sentence.text for sentence in sentences], told.vectors[list(places)])
    return [Labelled(sentence, label) for sentence, label in zip(sentences, found, strict=True)]


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
