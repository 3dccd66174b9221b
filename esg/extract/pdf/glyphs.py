"""PDFium's text page → glyphs in bulk: letters, boxes, sizes and fonts as arrays.

One call per glyph is made for its code and one for its box; everything a run of glyphs shares (size,
baseline, font) is asked once per text object.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pypdfium2
from numpy.typing import NDArray

from esg.extract.pdf import bulk, clips
from esg.extract.pdf.frame import Boxes, Frame, Points, around, boxes_from_user_space, from_user_space
from esg.extract.pdf.unseen import SMALLEST_POINTS, unseen

Indices = NDArray[np.int64]
Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]
Codes = NDArray[np.uint32]

ASCENT, DESCENT = 0.80, 0.22  # of the font size, above and below the baseline: fonts overstate theirs
SAME_BAND_POINTS = 0.2  # glyphs of one run agree on their vertical extent up to rounding
TOUCH_EM = 0.03  # no blank is this narrow
JUMP_EM = 0.45  # a gap that no tracking makes: the next glyph belongs to another word
BOLD_WEIGHT = 600
BOLD_NAMES = ("bold", "black", "heavy", "semibold", "demi")
HYPHEN = 0x02  # how PDFium writes a hyphen that ends a line, beside U+FFFE
UNKNOWN = 0xFFFD
CONTROLS = (*range(1, 9), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0x85), *range(0x86, 0xA0))
NO_BREAK = (0xA0, 0x2007, 0x2009, 0x202F)  # blanks that group digits
BLANKS = (0, 9, 10, 13, 0x20, 0x85, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x205F, 0x3000, *NO_BREAK)
INVISIBLE = (*range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF)
SAMPLE = 8  # every so many glyphs are asked whether their letter is known

_BLANK = np.zeros(0x10000, np.bool_)
_BLANK[list(BLANKS)] = True
_INVISIBLE = np.zeros(0x10000, np.bool_)
_INVISIBLE[list(INVISIBLE)] = True
_CONTROL = np.zeros(0x10000, np.bool_)
_CONTROL[list(set(CONTROLS) - {HYPHEN})] = True
_NO_BREAK = np.zeros(0x10000, np.bool_)
_NO_BREAK[list(NO_BREAK)] = True


class Font(NamedTuple):
    name: str
    bold: bool


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The visible glyphs of a page in the order they were written.

    A piece is a run of glyphs without blanks that share size and baseline; a word is a run of pieces that
    touch.
    """

    letters: str  # one code point per glyph
    boxes: Boxes  # (glyphs, 4) the advance across, the font size up and down from the baseline
    starts: Indices  # (pieces + 1,) index of the first glyph of each piece
    word: Indices  # (pieces,) ordinal of the word
    size: Floats  # (pieces,) font size in points as printed
    baseline: Floats  # (pieces,) y of the baseline, x where the text runs up or down
    direction: Indices  # (pieces,) quarter turns clockwise from upright
    font: Indices  # (pieces,) index into `fonts`
    fonts: tuple[Font, ...]
    bound: Flags  # (pieces,) a blank that groups digits stands before it
    hidden: Flags  # (pieces,) clipped away, or in letters that nobody sees
    unmapped: float  # share of the glyphs whose letter PDFium had to guess


class _Runs(NamedTuple):
    """What the pieces of one text object share, asked once per object."""

    size: Floats
    origin: Points  # user space
    turn: Indices  # quarter turns counter-clockwise in user space
    font: Indices
    fonts: tuple[Font, ...]


def known(text_page: int, codes: Codes) -> Codes:
    """Tell printed glyphs without a known letter (U+FFFD) from control characters that stand for blanks."""
    controls = np.flatnonzero(_CONTROL[np.minimum(codes, 0xFFFF)])
    if len(controls):
        codes[controls] = np.where(bulk.inked(text_page, controls.tolist()), UNKNOWN, 0x20)
    return codes


def read_glyphs(
    page: pypdfium2.PdfPage,
    text_page: int,
    count: int,
    frame: Frame,
    *,
    letters: Callable[[int, Codes], Codes] = known,
) -> tuple[Glyphs, Frame]:
    """Read the glyphs that take room among `count` characters, in `frame` turned so that most stand upright.

    `frame` is the page as its reader sees it; `letters` says which letter the code of each character stands
    for.
    """
    codes = letters(text_page, bulk.codes(text_page, count))
    low = np.minimum(codes, 0xFFFF)
    shown = np.flatnonzero(~_INVISIBLE[low])
    blank = _BLANK[low[shown]]
    visible = shown[~blank]
    if not len(visible):
        return NO_GLYPHS, frame
    boxes = bulk.rectangles(text_page, visible.tolist())
    after_blank = np.concatenate(([True], blank[:-1]))[~blank]
    bound = np.concatenate(([False], _NO_BREAK[low[shown[:-1]]]))[~blank]
    word_start, piece_start = _breaks(boxes, after_blank)
    starts = np.flatnonzero(piece_start)
    counts = np.diff(starts, append=len(visible))
    objects, first, run = np.unique(
        bulk.text_objects(text_page, visible[starts].tolist()), return_index=True, return_inverse=True
    )
    hidden = clips.hidden(objects.tolist(), boxes[starts[first]])[run]
    hidden |= unseen(page, frame, objects.tolist(), run, around(boxes, starts))
    runs = _read_runs(text_page, objects.tolist(), visible[starts[first]].tolist())
    frame, direction = _upright(frame, runs.turn[run], counts)
    origin = from_user_space(frame, runs.origin)[run]
    baseline = np.where(direction % 2, origin[:, 0], origin[:, 1])
    size = runs.size[run]
    glyphs = Glyphs(
        letters=_letters(codes[visible]),
        boxes=_set_heights(boxes_from_user_space(frame, boxes), direction, baseline, size, counts),
        starts=np.append(starts, len(visible)),
        word=np.cumsum(word_start)[starts] - 1,
        size=size,
        baseline=baseline,
        direction=direction,
        font=runs.font[run],
        fonts=runs.fonts,
        bound=bound[starts],
        hidden=hidden | (np.abs(size) < SMALLEST_POINTS),
        unmapped=float(bulk.map_errors(text_page, visible[::SAMPLE].tolist()).mean()),
    )
    return glyphs, frame


def _read_runs(text_page: int, objects: Sequence[int], chars: Sequence[int]) -> _Runs:
    """Ask each text object once, with the first of its characters."""
    matrix = bulk.matrices(text_page, chars)
    handles, font = np.unique(bulk.fonts(objects), return_inverse=True)
    return _Runs(
        size=bulk.font_sizes(text_page, chars) * np.hypot(matrix[:, 2], matrix[:, 3]),
        origin=bulk.origins(text_page, chars),
        turn=np.rint(np.arctan2(matrix[:, 1], matrix[:, 0]) / (np.pi / 2)).astype(np.int64),
        font=font,
        fonts=tuple(_font(int(handle)) for handle in handles),
    )


def _font(handle: int) -> Font:
    name = bulk.font_name(handle)
    bold = any(word in name.lower() for word in BOLD_NAMES) or bulk.font_weight(handle) >= BOLD_WEIGHT
    return Font(name, bold)


def _letters(codes: NDArray[np.uint32]) -> str:
    """Decode code points, with U+FFFD for what is none and a plain hyphen for PDFium's."""
    broken = (codes > 0x10FFFF) | ((codes >= 0xD800) & (codes < 0xE000))
    plain = np.where(broken, UNKNOWN, np.where((codes == HYPHEN) | (codes == 0xFFFE), 0x2D, codes))
    return plain.astype("<u4").tobytes().decode("utf-32-le")


def _upright(frame: Frame, turn: Indices, counts: Indices) -> tuple[Frame, Indices]:
    """Turn the frame so that the direction most glyphs have becomes 0."""
    direction = (frame.turn - turn) % 4
    usual = int(np.bincount(direction, weights=counts, minlength=4).argmax())
    return frame._replace(turn=(frame.turn - usual) % 4), (direction - usual) % 4


def _set_heights(boxes: Boxes, direction: Indices, baseline: Floats, size: Floats, counts: Indices) -> Boxes:
    """Replace the extent across the line by the font size around the baseline, per piece."""
    up = np.isin(direction, (0, 3))  # ascenders point to smaller coordinates
    low = np.repeat(baseline - np.where(up, ASCENT, DESCENT) * size, counts)
    high = np.repeat(baseline + np.where(up, DESCENT, ASCENT) * size, counts)
    upright = np.repeat(direction % 2 == 0, counts)
    boxes[upright, 1], boxes[upright, 3] = low[upright], high[upright]
    boxes[~upright, 0], boxes[~upright, 2] = low[~upright], high[~upright]
    return boxes


def _breaks(boxes: Boxes, after_blank: Flags) -> tuple[Flags, Flags]:
    """Say of each glyph whether a word and whether a piece starts with it."""
    before, here = boxes[:-1], boxes[1:]
    extent = np.maximum(*(here[:, 2:] - here[:, :2]).T)
    apart = np.maximum(*np.maximum(here[:, :2] - before[:, 2:], before[:, :2] - here[:, 2:]).T)
    moved = np.abs(here - before)
    other_row = np.maximum(moved[:, 1], moved[:, 3]) > SAME_BAND_POINTS
    other_column = np.maximum(moved[:, 0], moved[:, 2]) > SAME_BAND_POINTS
    word = after_blank.copy()
    word[1:] &= apart > TOUCH_EM * extent  # PDFium writes blanks around raised letters where none are printed
    word[1:] |= apart > JUMP_EM * extent
    piece = word.copy()
    piece[1:] |= other_row & other_column
    return word, piece


NO_GLYPHS = Glyphs(
    letters="",
    boxes=np.zeros((0, 4), np.float32),
    starts=np.zeros(1, np.int64),
    word=np.zeros(0, np.int64),
    size=np.zeros(0, np.float32),
    baseline=np.zeros(0, np.float32),
    direction=np.zeros(0, np.int64),
    font=np.zeros(0, np.int64),
    fonts=(),
    bound=np.zeros(0, np.bool_),
    hidden=np.zeros(0, np.bool_),
    unmapped=0.0,
)
