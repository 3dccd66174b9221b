"""Text objects → which of their pieces no reader of the page can see.

A file can hold words that are text to a program and nothing to a person: white on white, transparent, without
ink, too small. Whether such a suspect is seen is asked of the page's picture: it is seen if the picture
changes when it is left out. White letters on a dark band or on a photograph do change it. Letters without ink
(rendering mode 3) are what OCR lays over a scan: they are read where something is printed in their place.

Not found: dark words that a later picture covers, or that stand on their own colour.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from esg.extract.pdf import bulk
from esg.extract.pdf.frame import Boxes, Frame, boxes_from_user_space

Flags = NDArray[np.bool_]
Pixels = NDArray[np.uint8]  # (height, width, 3)
Places = NDArray[np.int64]  # (n, 4): top, bottom, left, right in pixels

SMALLEST_POINTS = 1.0
LIGHT = 230  # of 255 in each colour: darker letters are seen on white
FAINT = 25  # of 255 of opacity
SEEN = 8  # of 255: how much a picture must change for it to be seen
PRINTED = 24  # of 255: the contrast of what is printed
HALF = 50  # per cent of a box
MOST_LOOKS = 32  # at a page, for text that is not printed where PDFium says
LONGEST = 2000  # pixels of the longer side, at one a point: larger pages are looked at from farther away
MAX_OBJECTS = 20_000  # of a page, or of a form
MAX_DEPTH = 4  # of forms in forms
_STROKED = (pdfium.FPDF_TEXTRENDERMODE_STROKE, pdfium.FPDF_TEXTRENDERMODE_STROKE_CLIP)
_INKLESS = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)


def unseen(
    page: pypdfium2.PdfPage, frame: Frame, objects: Sequence[int], run: NDArray[np.int64], boxes: Boxes
) -> Flags:
    """Say of each piece, one of the text object `run` with this box in user space, whether nobody sees it.

    `frame` is the page as its reader sees it.
    """
    modes = bulk.text_modes(objects)
    inkless = np.isin(modes, _INKLESS)
    light, faint = _paleness(objects, np.isin(modes, _STROKED))
    pale = ~inkless & (light | faint)
    if not (inkless.any() or pale.any()):
        return np.zeros(len(run), np.bool_)
    with_all = _picture(page)
    places = _places(boxes_from_user_space(frame, boxes) * (with_all.shape[1] / frame.width), with_all.shape)
    bare = inkless[run]
    bare[bare] = _all_below(PRINTED, places[bare], lambda place: np.ptp(with_all[place]))
    doubtful = pale[run]
    doubtful[doubtful] = faint[run[doubtful]] | _on_light(with_all, places[doubtful])
    lost = _without_trace(page, with_all, objects, run, places, of=doubtful)
    return bare | lost


def _without_trace(
    page: pypdfium2.PdfPage,
    with_all: Pixels,
    objects: Sequence[int],
    run: NDArray[np.int64],
    places: Places,
    *,
    of: Flags,
) -> Flags:
    """Say which of these pieces can be left out without a change of the picture."""
    found = of.copy()
    if not of.any():
        return found
    change = _change(page, with_all, [objects[i] for i in np.unique(run[of]).tolist()])
    found[of] = _all_below(SEEN, places[of], lambda place: change[place].max())
    silent = np.setdiff1d(run[found], run[~found])
    misplaced = _seen_elsewhere(page, with_all, [objects[i] for i in silent.tolist()])
    found &= ~np.isin(np.asarray(objects, np.uint64)[run], np.asarray(misplaced, np.uint64))
    return found & ~_have_twins(page, with_all, objects, places, of=found)


def _have_twins(
    page: pypdfium2.PdfPage, with_all: Pixels, objects: Sequence[int], places: Places, *, of: Flags
) -> Flags:
    """Say which pieces have a copy in their place that is seen: of letters and a halo PDFium gives one."""
    found = np.zeros(len(places), np.bool_)
    others = sorted(set(_text_objects(bulk.page_objects(bulk.address(page.raw), MAX_OBJECTS))) - set(objects))
    if not others or not of.any():
        return found
    change = _change(page, with_all, others)
    found[of] = ~_all_below(SEEN, places[of], lambda place: change[place].max())
    return found


def _text_objects(objects: Sequence[int], depth: int = MAX_DEPTH) -> list[int]:
    """Give the text objects among these and in forms."""
    types = bulk.object_types(objects)
    found = [objects[i] for i in np.flatnonzero(types == pdfium.FPDF_PAGEOBJ_TEXT).tolist()]
    for i in np.flatnonzero(types == pdfium.FPDF_PAGEOBJ_FORM).tolist() if depth else ():
        found += _text_objects(bulk.form_objects(objects[i], MAX_OBJECTS), depth - 1)
    return found


def _seen_elsewhere(page: pypdfium2.PdfPage, with_all: Pixels, objects: Sequence[int]) -> list[int]:
    """Find those that change the picture beside their box, by halves: PDFium misplaces some text of forms."""
    seen: list[int] = []
    groups = [list(objects)] if objects else []
    for _ in range(MOST_LOOKS):
        if not groups:
            break
        group = groups.pop()
        if _change(page, with_all, group).max() < SEEN:
            continue
        middle = len(group) // 2
        if middle:
            groups += [group[:middle], group[middle:]]
        else:
            seen += group
    return seen


def _paleness(objects: Sequence[int], stroked: Flags) -> tuple[Flags, Flags]:
    """Say of each text object whether its letters are nearly white and whether nearly transparent."""
    colours = bulk.fill_colours(objects)
    if stroked.any():
        colours[stroked] = bulk.stroke_colours([objects[i] for i in np.flatnonzero(stroked).tolist()])
    return colours[:, :3].min(axis=1) >= LIGHT, colours[:, 3] <= FAINT


def _on_light(picture: Pixels, places: Places) -> Flags:
    """Say of each place whether most of it is so light that nearly white letters might not stand out."""
    dark = picture.min(axis=2) < LIGHT - PRINTED
    return _all_below(HALF, places, lambda place: 100 * dark[place].mean())


def _change(page: pypdfium2.PdfPage, with_all: Pixels, objects: Sequence[int]) -> Pixels:
    """Say of each pixel how much it changes when these objects are left out."""
    bulk.show(objects, shown=False)
    without = _picture(page)
    bulk.show(objects, shown=True)
    change: Pixels = np.maximum(with_all, without) - np.minimum(with_all, without)
    return change


def _picture(page: pypdfium2.PdfPage) -> Pixels:
    scale = min(1.0, LONGEST / max(page.get_size()))
    bitmap = page.render(scale=scale, may_draw_forms=False, draw_annots=False, no_smoothimage=True)
    pixels: Pixels = bitmap.to_numpy()[:, :, :3].copy()
    bitmap.close()
    return pixels


def _places(boxes: Boxes, shape: tuple[int, ...]) -> Places:
    """Round boxes outwards to pixels, to one at least inside the picture."""
    low = np.clip(np.floor(boxes[:, 1::-1]), 0, np.array(shape[:2]) - 1)
    high = np.clip(np.ceil(boxes[:, :1:-1]), low + 1, shape[:2])
    return np.stack((low[:, 0], high[:, 0], low[:, 1], high[:, 1]), axis=1).astype(np.int64)


def _all_below(most: int, places: Places, measure: Callable[[tuple[slice, slice]], Any]) -> Flags:
    found = (measure((slice(a, b), slice(c, d))) < most for a, b, c, d in places.tolist())
    return np.fromiter(found, np.bool_, len(places))
