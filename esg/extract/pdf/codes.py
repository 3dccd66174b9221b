"""PDFium's text page → the codes a page is written in, before anybody says which letters they are."""

import zlib
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from esg.extract.pdf import bulk
from esg.extract.pdf.frame import Boxes, Frame, boxes_from_user_space

_HYPHEN = 0x2D
_WORD_GAP, _LINE_GAP, _BACK = 0.25, 1.5, -0.5  # of the height of a glyph
_OFF = 0.4  # of the height, between the middles of two glyphs of one line

Symbol = tuple[str, int]  # a font, by its name and file, and a code in it


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """Symbols from left to right, their boxes, and which of them come after a gap."""

    symbols: tuple[Symbol, ...]
    boxes: Boxes
    apart: NDArray[np.bool_]

    @property
    def box(self) -> tuple[float, float, float, float]:
        x0, y0 = self.boxes[:, :2].min(axis=0).tolist()
        x1, y1 = self.boxes[:, 2:].max(axis=0).tolist()
        return x0, y0, x1, y1

    def part(self, start: int, stop: int) -> "WrittenLine":
        return WrittenLine(self.symbols[start:stop], self.boxes[start:stop], self.apart[start:stop])


@dataclass(frozen=True, slots=True)
class Script:
    """What is written on a page, in that order; what PDFium made up is left out."""

    places: NDArray[np.int64]  # among the characters of the text page
    symbols: list[Symbol]
    inked: NDArray[np.bool_]  # something is printed for it


def read_script(text_page: int, codes: NDArray[np.uint32]) -> Script:
    places = np.flatnonzero(~bulk.generated(text_page, len(codes)))
    asked = places.tolist()
    codes = np.where(bulk.hyphens(text_page, asked), _HYPHEN, codes[places])
    objects, run = np.unique(bulk.text_objects(text_page, asked), return_inverse=True)
    handles, font = np.unique(bulk.fonts(objects.tolist()), return_inverse=True)
    names = [_font_key(int(handle)) for handle in handles]
    symbols = [(names[f], code) for f, code in zip(font[run].tolist(), codes.tolist(), strict=True)]
    return Script(places, symbols, bulk.inked(text_page, asked))


def _font_key(handle: int) -> str:
    return f"{bulk.font_name(handle)}/{zlib.crc32(bulk.font_data(handle)):08x}"


def read_written_lines(text_page: int, count: int, frame: Frame) -> list[WrittenLine]:
    """Read the lines of a page in codes, with boxes in the frame."""
    script = read_script(text_page, bulk.codes(text_page, count))
    inked = np.flatnonzero(script.inked)
    if not len(inked):
        return []
    boxes = boxes_from_user_space(frame, bulk.rectangles(text_page, script.places[inked].tolist()))
    starts, apart = _breaks(boxes, np.diff(inked, prepend=-1) > 1)
    symbols = [script.symbols[i] for i in inked.tolist()]
    return [
        WrittenLine(tuple(symbols[a:b]), boxes[a:b], apart[a:b])
        for a, b in pairwise((*np.flatnonzero(starts).tolist(), len(boxes)))
    ]


def _breaks(boxes: Boxes, after_blank: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say of each glyph whether a line starts with it, and whether it comes after a gap."""
    before, here = boxes[:-1], boxes[1:]
    em = np.maximum(here[:, 3] - here[:, 1], 1e-3)
    gap = (here[:, 0] - before[:, 2]) / em
    off = np.abs(here[:, 1] + here[:, 3] - before[:, 1] - before[:, 3]) / (2 * em)
    line = np.append(True, (off > _OFF) | (gap > _LINE_GAP) | (gap < _BACK))
    return line, line | after_blank | np.append(True, gap > _WORD_GAP)
