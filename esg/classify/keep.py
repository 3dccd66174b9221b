"""A classifier ↔ its file: weights and vectors in half precision, no text and no vocabulary."""

from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from esg.classify.classifier import Classifier


def save(classifier: Classifier, path: Path) -> None:
    np.savez_compressed(
        path,
        labels=np.array(classifier.labels),
        weights=classifier.weights.astype(np.float16),
        means=classifier.means,
        rarity=classifier.rarity.astype(np.float16),
        examples=classifier.examples.astype(np.float16),
        shares=classifier.shares.astype(np.float16),
        embedder=np.array(classifier.embedder),
        taught=np.array(sorted(classifier.taught)),
    )


def load(path: Path | None = None) -> Classifier:
    """Read a classifier, by default the one that ships for TCFD's eleven disclosures."""
    if path is None:
        with as_file(files("esg.classify").joinpath("data/tcfd.npz")) as shipped:
            return load(shipped)
    with np.load(path, allow_pickle=False) as kept:
        return Classifier(
            labels=tuple(kept["labels"].tolist()),
            weights=kept["weights"].astype(np.float64),
            means=kept["means"],
            rarity=kept["rarity"].astype(np.float64),
            examples=kept["examples"].astype(np.float32),
            shares=kept["shares"].astype(np.float64),
            embedder=str(kept["embedder"]),
            taught=frozenset(kept["taught"].tolist()),
        )
