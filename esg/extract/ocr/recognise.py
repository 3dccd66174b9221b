"""The picture of a line → its letters, and where along the line each was seen."""

import re
from typing import NamedTuple

import numpy as np

from esg.extract.ocr.models import Floats, alphabet, recogniser, run
from esg.extract.ocr.picture import Pixels, normalised, resized

HEIGHT = 48  # pixels the network wants a line to have
NARROWEST, WIDEST = 48, 3200  # pixels at that height
STEP = 8  # pixels at that height for each of the network's answers


class Letter(NamedTuple):
    text: str
    x: float  # of its middle, as a share of the width of the picture


class Reading(NamedTuple):
    letters: tuple[Letter, ...]  # blanks included
    confidence: float  # the mean of the letters, 0..1

    @property
    def text(self) -> str:
        return "".join(letter.text for letter in self.letters)


_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_ONE = "一"  # what a dash looks like where ideographs are expected
_NARROW = {0xFF01 + i: 0x21 + i for i in range(94)} | {ord(_ONE): ord("–"), ord("。"): ord(".")}
_WIDE_SCRIPT = re.compile(r"[\u2e80-\u9fff\uac00-\ud7a3]")
NOTHING = Reading((), 0.0)


def recognise(pixels: Pixels) -> Reading:
    """Read a picture of one line of text."""
    height, width = pixels.shape[:2]
    if not height or not width:
        return NOTHING
    fitting = min(max(round(width * HEIGHT / height), 1), WIDEST)
    image = np.zeros((3, HEIGHT, -(-max(fitting, NARROWEST) // STEP) * STEP), np.float32)
    image[:, :, :fitting] = normalised(resized(pixels, fitting, HEIGHT))
    return _decoded(run(recogniser(), image), fitting)


def _decoded(scores: Floats, width: int) -> Reading:
    """Take the best class of each step; repeated ones are one letter, class 0 is none (CTC)."""
    best = scores.argmax(axis=1)
    new = np.diff(best, prepend=0) != 0
    starts = np.flatnonzero(new & (best != 0))
    if not len(starts):
        return NOTHING
    changes = np.append(np.flatnonzero(new), len(best))
    ends = changes[np.searchsorted(changes, starts, side="right")]
    letters = _letters(best[starts].tolist())
    middles = ((starts + ends) / 2 * STEP / width).tolist()
    found = tuple(Letter(text, round(min(x, 1.0), 4)) for text, x in zip(letters, middles, strict=True))
    return Reading(found, round(float(scores[starts, best[starts]].mean()), 3))


def _letters(classes: list[int]) -> list[str]:
    """Write lowered digits plainly (CO2), and wide letters narrow where no other ideograph stands by."""
    letters = "".join(alphabet()[c] for c in classes).translate(_LOWERED)
    return list(letters if _WIDE_SCRIPT.search(letters.replace(_ONE, "")) else letters.translate(_NARROW))
