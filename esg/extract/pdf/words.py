"""Glyphs → words: runs of glyphs without blanks, spelled as a reader would type them."""

import re
from dataclasses import dataclass
from itertools import compress, repeat
from typing import NamedTuple

import numpy as np

from esg.extract.pdf.frame import Boxes, Frame, around
from esg.extract.pdf.glyphs import Glyphs, Indices
from esg.extract.pdf.repair import is_affected, repair
from esg.extract.pdf.spelling import is_unusual, spell, superscript
from esg.extract.rows import made

SMALLER = 0.85  # of the size beside it: a footnote mark, an exponent or an index
RAISED_EM = 0.12  # of a smaller letter's baseline above the line's
RAISED_ALONE_EM = 0.25  # of a letter of the same size


class Token(NamedTuple):
    """One word: its text, never blank, its box, and the letters it is set in."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    baseline: float
    bold: bool
    direction: int
    bound: bool = False  # a blank that groups digits stands before it
    glued: bool = False  # no blank stands before it, though it was written apart


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a page in the order they were written, and their boxes again as an array."""

    tokens: list[Token]
    boxes: Boxes  # (words, 4)
    hidden: int = 0  # letters of the words that were left out


NOTE_MARK = re.compile(r"[(\[]?(?:\d{1,2}|[a-z]|[*†‡])(?:[,;–-](?:\d{1,2}|[a-z]))*[)\]]?[.,;:]?\Z")
SMALLEST = 0.35  # of the size of its line: smaller letters beside large ones are captions of figures


def is_raised(size: float, baseline: float, line_size: float, line_baseline: float) -> bool:
    """Say whether a piece of this size and baseline is a superscript of its line, if that has a size."""
    if line_size <= 0:
        return False
    raised = (line_baseline - baseline) / line_size
    return raised >= RAISED_ALONE_EM or (size <= SMALLER * line_size and raised >= RAISED_EM)


def read_words(glyphs: Glyphs, frame: Frame) -> Words:
    """Group the pieces of glyphs into words; a raised digit becomes ¹, a lowered one stays (CO2).

    Words that nobody sees on the page, printed beside it or hidden on it, are left out.
    """
    if not glyphs.letters:
        return Words([], np.zeros((0, 4), np.float32))
    first = np.flatnonzero(np.diff(glyphs.word, prepend=-1))
    start = glyphs.starts[:-1][first]
    end = np.append(start[1:], len(glyphs.letters))
    bold = np.array([font.bold for font in glyphs.fonts] or [False])
    main = _main_pieces(glyphs, first)
    text = [glyphs.letters[a:b] for a, b in zip(start.tolist(), end.tolist(), strict=True)]
    if is_unusual(glyphs.letters):
        text = list(map(spell, text))
    for word in np.flatnonzero(np.diff(first, append=len(glyphs.word)) > 1).tolist():
        text[word] = _spell_pieces(glyphs, int(first[word]), int(main[word]))
    if is_affected(glyphs.letters):
        text = [word if word.isascii() else repair(word) for word in text]
    boxes = around(glyphs.boxes, start)
    columns = (glyphs.size, glyphs.baseline, bold[glyphs.font], glyphs.direction)
    properties = (*(column[main].tolist() for column in columns), glyphs.bound[first].tolist())
    tokens = made(Token, zip(text, *boxes.T.tolist(), *properties, repeat(False)))
    inside = np.hstack((boxes[:, 2:] > 0, boxes[:, :2] < (frame.width, frame.height)))
    seen = np.logical_and.reduce(inside, axis=1) & ~glyphs.hidden[main]
    return Words(list(compress(tokens, seen)), boxes[seen], hidden=sum(map(len, compress(text, ~seen))))


def _main_pieces(glyphs: Glyphs, first: Indices) -> Indices:
    """Give the largest piece of each word, the first of equals."""
    order = np.lexsort((np.arange(len(glyphs.word)), -glyphs.size, glyphs.word))
    return order[first]


def _spell_pieces(glyphs: Glyphs, first: int, main: int) -> str:
    parts = []
    piece = first
    while piece < len(glyphs.word) and glyphs.word[piece] == glyphs.word[first]:
        text = spell(glyphs.letters[glyphs.starts[piece] : glyphs.starts[piece + 1]])
        raised = piece != main and is_raised(
            glyphs.size[piece], glyphs.baseline[piece], glyphs.size[main], glyphs.baseline[main]
        )
        parts.append(superscript(text) if raised else text)
        piece += 1
    return "".join(parts)
