"""A page's picture → its lines: words with the place of every letter, and the size they are set in."""

from collections.abc import Sequence
from functools import partial
from itertools import chain, pairwise
from statistics import median
from typing import NamedTuple

from esg.extract.ocr.ink import Ink, read_ink
from esg.extract.ocr.picture import Floats, Picture
from esg.extract.ocr.recognise import Letter, recognise

LEAST_SURE = 0.8  # of a line, in the mean of its letters: what is less sure is a drawing
UPRIGHT = 2.5  # times as high as wide: text that runs up or down, which is not read
CELL_GAP = 0.7  # of the size: a gap that wide parts words, whatever was read
WORD_GAP, WIDER = 0.25, 2.5  # the same after a letter, where it is so many times as wide as the usual one
RAISED = 0.18  # of the size, from the baseline to the lower edge of a raised digit
NARROWEST, NARROW = 0.17, 0.24  # of the size: the least width of a raised digit, and of each of several
INSET = 0.15  # of the width of a letter: its neighbours may reach in
TALL, LOW, DEEP = 0.72, 0.53, 0.21  # of the size: ascenders and digits, small letters, descenders
IDEOGRAPH = "\u2e80"
IDEOGRAPH_TALL, IDEOGRAPH_DEEP = 0.82, 0.10
SMALL_LETTERS, DEEP_LETTERS = frozenset("acegmnopqrsuvwxyz.,:;-–—·•"), frozenset("gjpqy,;()[]{}|/ßçQ§")

DIGITS = "0123456789"
_RAISED = dict(zip(DIGITS, "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))


class OcrWord(NamedTuple):
    text: str
    edges: tuple[float, ...]  # in points: the left side of each letter, then the right side of the last


class OcrLine(NamedTuple):
    words: tuple[OcrWord, ...]
    size: float  # of the letters, in points
    baseline: float


def read_picture(picture: Picture, boxes: Floats) -> list[OcrLine]:
    """Read the lines in these boxes, from top to bottom."""
    lying = [box for box in boxes.tolist() if box[3] - box[1] <= UPRIGHT * (box[2] - box[0])]
    ordered = sorted(lying, key=lambda box: (box[1], box[0]))
    return [line for box in ordered if (line := _line(picture, box))]


def _line(picture: Picture, box: Sequence[float]) -> OcrLine | None:
    pixels = picture.part(*box)
    reading = recognise(pixels)
    if reading.confidence < LEAST_SURE:
        return None
    ink, scale = read_ink(pixels), picture.scale
    size, rise = _type(reading.text, float(ink.bottom - ink.top))  # pixels
    lift = partial(raised, ink=ink, above=ink.bottom - rise - RAISED * size, em=size)
    words = [lift(word) for word in part_words(reading.letters, ink, em=size)]
    left, top = (int(max(0.0, side) * scale) / scale for side in box[:2])
    placed = tuple(OcrWord(w.text, tuple(left + edge / scale for edge in w.edges)) for w in words)
    return OcrLine(placed, size / scale, top + (ink.bottom - rise) / scale) if placed else None


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


def part_words(letters: Sequence[Letter], ink: Ink, *, em: float) -> list[OcrWord]:
    """Part letters at blanks and at gaps that no blank was read in; words end where their ink does."""
    width = len(ink.columns)
    placed = [(letter.text, letter.x * width) for letter in letters if letter.text != " "]
    if not placed:
        return []
    read = [*(letter.text for letter in letters), ""]
    blank = [after == " " for before, after in pairwise(read) if before != " "][:-1]
    gaps = [ink.widest_gap(a, b) for (_, a), (_, b) in pairwise(placed)]
    widths = [end - start for start, end in gaps]
    usual = median([gap for gap, apart in zip(widths, blank, strict=True) if not apart] or [0.0])
    text = "".join(letter for letter, _ in placed)
    parted = [
        apart or _is_apart(text[i : i + 2], white / em, usual / em)
        for i, (apart, white) in enumerate(zip(blank, widths, strict=True))
    ]
    cuts = [0, *(i + 1 for i, apart in enumerate(parted) if apart), len(placed)]
    sides = [ink.extent[0], *chain.from_iterable(gaps), ink.extent[1]]  # of each letter, left and right
    return [_word(text[a:b], sides[2 * a], gaps[a : b - 1], sides[2 * b - 1]) for a, b in pairwise(cuts)]


def _is_apart(pair: str, gap: float, usual: float) -> bool:
    """Say whether a gap parts two letters between which no blank was read."""
    may_be_blank = pair[0].isalpha() and pair[1].isalnum() and gap > WIDER * usual
    return gap > (WORD_GAP if may_be_blank else CELL_GAP)


def _word(text: str, start: float, gaps: Sequence[tuple[float, float]], end: float) -> OcrWord:
    """Give each letter the room up to the middle of the white beside it."""
    middles = [min(max((a + b) / 2, start), end) for a, b in gaps]
    return OcrWord(text, (start, *middles, max(end, start)))


def raised(word: OcrWord, *, ink: Ink, above: float, em: float) -> OcrWord:
    """Write the digits at the end of a word that end high above the baseline as raised (451,920²).

    They may touch what they stand at: marks begin where the lower edge of the ink rises for good.
    """
    digits = len(word.text) - len(word.text.rstrip(DIGITS))
    start = ink.rising(word.edges[0], word.edges[-1], above=above)
    width = (word.edges[-1] - start) / em
    if not digits or width < NARROWEST or start <= word.edges[0]:  # else: the baseline is not where it seemed
        return word
    behind = sum((left + right) / 2 > start for left, right in pairwise(word.edges))
    place = len(word.text) - max(1, min(digits, behind, int(width / NARROW)))
    is_alone = word.text[place - 1] not in _RAISED.values()  # some marks are read as such
    if word.text[place] == "7" and is_alone and not _ends_above(word, place, ink, above):
        place += 1  # most of a 7 hangs above the line, right of its foot
    if not place or place == len(word.text):
        return word
    edges = (*word.edges[:place], *(max(edge, start) for edge in word.edges[place:]))
    return OcrWord(word.text[:place] + "".join(_RAISED[digit] for digit in word.text[place:]), edges)


def _ends_above(word: OcrWord, place: int, ink: Ink, above: float) -> bool:
    """Whether all ink in a letter's room does; its room is unknown where the recogniser saw it at its end."""
    left, right = word.edges[place : place + 2]
    inset = INSET * (right - left)
    return right > left and ink.rising(left + inset, right - inset, above=above) <= left + inset
