"""A page's picture → its lines: words with the place of every letter, and the size they are set in."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from esg.extract.ocr.ink import Ink, read_ink
from esg.extract.ocr.picture import Floats, Picture
from esg.extract.ocr.recognise import Letter, recognise

LEAST_SURE = 0.6  # of a line, in the mean of its letters
CELL_GAP = 0.7  # of the size: a gap that wide parts words, whatever was read
TALL, LOW, DEEP = 0.72, 0.53, 0.21  # of the size: ascenders and digits, small letters, descenders
IDEOGRAPH = "\u2e80"
IDEOGRAPH_TALL, IDEOGRAPH_DEEP = 0.82, 0.10
SMALL_LETTERS, DEEP_LETTERS = frozenset("acegmnopqrsuvwxyz.,:;-–—·•"), frozenset("gjpqy,;()[]{}|/ßçQ§")


class OcrWord(NamedTuple):
    text: str
    edges: tuple[float, ...]  # in points: the left side of each letter, then the right side of the last


class OcrLine(NamedTuple):
    words: tuple[OcrWord, ...]
    size: float  # of the letters, in points
    baseline: float


def read_picture(picture: Picture, boxes: Floats) -> list[OcrLine]:
    """Read the lines in these boxes, from top to bottom."""
    ordered = sorted(boxes.tolist(), key=lambda box: (box[1], box[0]))
    return [line for box in ordered if (line := _line(picture, box))]


def _line(picture: Picture, box: Sequence[float]) -> OcrLine | None:
    pixels = picture.part(*box)
    reading = recognise(pixels)
    if reading.confidence < LEAST_SURE:
        return None
    ink = read_ink(pixels)
    left, top = (int(max(0.0, side) * picture.scale) / picture.scale for side in box[:2])
    size, rise = _type(reading.text, (ink.bottom - ink.top) / picture.scale)
    words = _words(reading.letters, ink, gap=CELL_GAP * size * picture.scale)
    placed = [OcrWord(word.text, tuple(left + edge / picture.scale for edge in word.edges)) for word in words]
    return OcrLine(tuple(placed), size, top + ink.bottom / picture.scale - rise) if placed else None


def _type(text: str, height: float) -> tuple[float, float]:
    """Give the size of letters whose ink is this high, and how far the ink goes below the baseline."""
    if any(letter >= IDEOGRAPH for letter in text):
        tall, deep = IDEOGRAPH_TALL, IDEOGRAPH_DEEP
    else:
        letters = text.replace(" ", "")
        tall = LOW if SMALL_LETTERS.issuperset(letters) else TALL
        deep = 0.0 if DEEP_LETTERS.isdisjoint(letters) else DEEP
    size = height / (tall + deep)
    return size, deep * size


def _words(letters: Sequence[Letter], ink: Ink, *, gap: float) -> list[OcrWord]:
    """Part letters at blanks and wide gaps; words end where their ink does."""
    width = len(ink.columns)
    start, end = ink.extent
    words: list[OcrWord] = []
    run: list[tuple[str, float]] = []
    blank = False
    for text, x in ((letter.text, letter.x * width) for letter in letters):
        if text == " ":
            blank = bool(run)
            continue
        if run:
            stop, begin = ink.widest_gap(run[-1][1], x)
            if blank or begin - stop > gap:
                words.append(_word(run, start, stop))
                run, start = [], begin
        run.append((text, x))
        blank = False
    return [*words, _word(run, start, end)] if run else words


def _word(letters: Sequence[tuple[str, float]], start: float, end: float) -> OcrWord:
    end = max(end, start)
    middles = [min(max((a + b) / 2, start), end) for (_, a), (_, b) in pairwise(letters)]
    return OcrWord("".join(text for text, _ in letters), (start, *middles, end))
