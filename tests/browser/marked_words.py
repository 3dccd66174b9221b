"""A drawn page → the words that are highlighted on it, by their boxes."""

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from esg.domain import Page

MARKER = np.array((255, 233, 120), np.uint8)  # on white paper, as esg/extract/render/paint.py lays it
LEAST = 0.3  # of a word's box: the rest is ink


def marked_words(png: bytes, page: Page) -> str:
    """Join the words whose boxes are mostly in the marker's colour, in the order of the page's text."""
    image = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
    marked = (image == MARKER).all(axis=2)
    scale = image.shape[1] / page.width
    words = [word for word in page.words if _share(marked, word.box, scale) > LEAST]
    return " ".join(page.text[word.start : word.end] for word in words)


def _share(marked: NDArray[np.bool_], box: Sequence[float], scale: float) -> float:
    x0, y0, x1, y1 = (round(side * scale) for side in box)
    inside = marked[y0:y1, x0:x1]
    return float(inside.mean()) if inside.size else 0.0
