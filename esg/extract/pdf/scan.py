"""The picture of a page → a sheet: what OCR reads goes the way of glyphs, so that tables come out."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

import numpy as np

from esg.domain import Legibility
from esg.extract.ocr import OcrLine, Picture, detect_lines, read_picture
from esg.extract.pdf.frame import Boxes, Frame
from esg.extract.pdf.glyphs import ASCENT, DESCENT, NO_GLYPHS, Font, Glyphs
from esg.extract.pdf.lines import read_lines
from esg.extract.pdf.sheet import Sheet
from esg.extract.pdf.words import read_words

SAME_SIZE = 0.09  # sizes that differ by less are one: they are measured
SHORT, SHORT_SIZE = 6, 0.16  # letters of a line, and the same for it
SPARSE_LETTERS = 100  # on a page with fewer, a picture may be what there is to read
SPARSE_PICTURE = 0.65  # of the page
FEWEST_LINES = 12  # in a picture, beside those of the text layer

_FONT = Font("ocr", bold=False)


def may_be_scan(sheet: Sheet) -> bool:
    """Say whether a page that can be read is mostly a picture, which may hold more."""
    return (
        sheet.legibility.is_read
        and sheet.letters < SPARSE_LETTERS
        and sheet.rulings.picture >= SPARSE_PICTURE
    )


def scanned(sheet: Sheet, frame: Frame, picture: Picture) -> Sheet:
    """Read a page from its picture; `frame` is the page as the picture shows it.

    One whose text layer can be read stays as it is, unless the picture holds many more lines.
    """
    boxes = detect_lines(picture)
    if sheet.legibility.is_read and _count_beside(boxes, sheet) < FEWEST_LINES:
        return sheet
    tokens, lines = read_lines(read_words(as_glyphs(read_picture(picture, boxes)), frame))
    return replace(sheet, frame=frame, quarter_turns=0, tokens=tokens, lines=lines, legibility=Legibility.OCR)


def _count_beside(boxes: Boxes, sheet: Sheet) -> int:
    """Count the lines that no word of the text layer stands in."""
    words = np.array(sheet.boxes(np.array([token[1:5] for token in sheet.tokens], np.float32).reshape(-1, 4)))
    middles = (words.reshape(-1, 4)[:, :2] + words.reshape(-1, 4)[:, 2:]) / 2
    inside = (middles[None] >= boxes[:, None, :2]) & (middles[None] <= boxes[:, None, 2:])
    return int((~inside.all(axis=2).any(axis=1)).sum())


def as_glyphs(lines: Sequence[OcrLine]) -> Glyphs:
    """Write what was read as glyphs, one piece a word."""
    words = [(word, line) for line in lines for word in line.words]
    if not words:
        return NO_GLYPHS
    sizes = dict(zip(lines, _levelled(lines), strict=True))
    boxes = [
        (x0, line.baseline - ASCENT * sizes[line], x1, line.baseline + DESCENT * sizes[line])
        for word, line in words
        for x0, x1 in pairwise(word.edges)
    ]
    count = len(words)
    return Glyphs(
        letters="".join(word.text for word, _ in words),
        boxes=np.array(boxes, np.float32),
        starts=np.array([0, *accumulate(len(word.text) for word, _ in words)], np.int64),
        word=np.arange(count),
        size=np.array([sizes[line] for _, line in words], np.float32),
        baseline=np.array([line.baseline for _, line in words], np.float32),
        direction=np.zeros(count, np.int64),
        font=np.zeros(count, np.int64),
        fonts=(_FONT,),
        bound=np.zeros(count, np.bool_),
        hidden=np.zeros(count, np.bool_),
        unmapped=0.0,
    )


def _levelled(lines: Sequence[OcrLine]) -> list[float]:
    """Make sizes that are nearly the same the same, the most frequent ones first.

    Sizes are measured to a pixel; those of a few letters are less sure.
    """
    sizes = [line.size for line in lines]
    near = [sum(abs(other - size) <= SAME_SIZE * size for other in sizes) for size in sizes]
    levels: list[float] = []
    for _, size in sorted(zip(near, sizes, strict=True), key=lambda item: (-item[0], item[1])):
        if not any(abs(level - size) <= SAME_SIZE * size for level in levels):
            levels.append(size)
    return [round(next(level for level in levels if _is_near(level, line)), 1) for line in lines]


def _is_near(level: float, line: OcrLine) -> bool:
    is_short = sum(len(word.text) for word in line.words) <= SHORT
    return abs(level - line.size) <= (SHORT_SIZE if is_short else SAME_SIZE) * line.size
