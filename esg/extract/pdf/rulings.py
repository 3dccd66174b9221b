"""The drawn paths of a page → the lines and shades that tables are ruled with."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from esg.extract.pdf import bulk
from esg.extract.pdf.frame import Boxes, Frame, boxes_from_user_space

THIN_POINTS = 2.6  # a path no thicker than this is a rule
SHORTEST_POINTS = 6.0
SMALLEST_POINTS = 12.0  # smaller shapes are icons
MAX_OBJECTS = 20_000  # a page with more is a drawing
MAX_SEGMENTS = 4_000  # read of compound paths, per page
WHITE = 250  # of 255, in each colour
DRAWING = 150  # curves on a page: its words may be drawn
MAX_DEPTH = 4  # of forms in forms
SIMPLE = 6  # segments of a line or a rectangle, with its closing ones


class Rulings(NamedTuple):
    """Rules, and filled rectangles that are not white, as boxes in the upright frame."""

    horizontal: Boxes
    vertical: Boxes
    shades: Boxes
    colours: NDArray[np.uint32]  # of the shades: 0xRRGGBB
    picture: float = 0.0  # share of the page under its largest picture; 1 for a drawing of many curves


NO_BOXES = np.zeros((0, 4), np.float32)
NO_RULINGS = Rulings(NO_BOXES, NO_BOXES, NO_BOXES, np.zeros(0, np.uint32))


class _Drawn(NamedTuple):
    """Boxes in user space: thin ones, and filled rectangles with their colours."""

    rules: Boxes
    shades: Boxes
    colours: NDArray[np.uint32]
    picture: float  # area of the largest picture
    curves: int  # paths that are neither lines nor rectangles


def read_rulings(page: int, frame: Frame) -> Rulings:
    """Read the rules and shades of a page."""
    identity = np.array([1, 0, 0, 1, 0, 0], np.float32)
    drawn = _drawn(bulk.page_objects(page, MAX_OBJECTS), identity, MAX_DEPTH)
    rules = boxes_from_user_space(frame, np.concatenate([part.rules for part in drawn]))
    shades = boxes_from_user_space(frame, np.concatenate([part.shades for part in drawn]))
    flat = rules[:, 3] - rules[:, 1] <= rules[:, 2] - rules[:, 0]
    colours = np.concatenate([part.colours for part in drawn])
    picture = max(part.picture for part in drawn) / max(frame.width * frame.height, 1.0)
    if sum(part.curves for part in drawn) >= DRAWING:
        picture = 1.0
    return Rulings(rules[flat], rules[~flat], shades, colours, picture)


def _drawn(objects: Sequence[int], matrix: NDArray[np.float32], depth: int) -> list[_Drawn]:
    """Read the paths among the objects, and those of forms."""
    types = bulk.object_types(objects)
    paths = [objects[i] for i in np.flatnonzero(types == pdfium.FPDF_PAGEOBJ_PATH).tolist()]
    images = [objects[i] for i in np.flatnonzero(types == pdfium.FPDF_PAGEOBJ_IMAGE).tolist()]
    found = [_transformed(_read_paths(paths, images), matrix)]
    for i in np.flatnonzero(types == pdfium.FPDF_PAGEOBJ_FORM).tolist() if depth else ():
        inner = _product(bulk.object_matrix(objects[i]), matrix)
        found += _drawn(bulk.form_objects(objects[i], MAX_OBJECTS), inner, depth - 1)
    return found


def _read_paths(paths: list[int], images: list[int]) -> _Drawn:
    bounds = bulk.object_bounds(paths)
    counts = bulk.segment_counts(paths)
    size = bounds[:, 2:] - bounds[:, :2]
    thick, long = size.min(axis=1, initial=np.inf), size.max(axis=1, initial=0)
    simple = counts <= SIMPLE
    rectangle = simple & (thick > THIN_POINTS) & (long >= SMALLEST_POINTS)
    filled, stroked = bulk.draw_modes([paths[i] for i in np.flatnonzero(rectangle).tolist()])
    shades, colours = _shades(paths, bounds, np.flatnonzero(rectangle)[filled & ~stroked])
    frames = _frames(bounds[rectangle][stroked])
    thin = bounds[simple & (thick <= THIN_POINTS) & (long >= SHORTEST_POINTS)]
    compound = _compound(paths, counts, np.flatnonzero(~simple & (long >= SMALLEST_POINTS)))
    rules = np.concatenate((thin, frames, compound))
    extent = bulk.object_bounds(images)
    picture = (extent[:, 2:] - extent[:, :2]).prod(axis=1).max(initial=0)
    return _Drawn(rules, shades, colours, float(picture), int((~simple).sum()))


def _shades(paths: list[int], bounds: Boxes, filled: NDArray[np.int64]) -> tuple[Boxes, NDArray[np.uint32]]:
    """Give those of the filled rectangles that can be seen on white, and their colours."""
    colours = bulk.fill_colours([paths[i] for i in filled.tolist()])
    seen = (colours[:, 3] > 0) & (colours[:, :3].min(axis=1, initial=255) < WHITE)
    return bounds[filled[seen]], (colours[seen, 0] << 16) + (colours[seen, 1] << 8) + colours[seen, 2]


def _frames(bounds: Boxes) -> Boxes:
    """Give the four edges of each rectangle."""
    x0, y0, x1, y1 = bounds.T
    edges = ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1))
    return np.concatenate([np.stack(edge, axis=1) for edge in edges])


def _compound(paths: list[int], counts: NDArray[np.int32], chosen: NDArray[np.int64]) -> Boxes:
    """Give the edges of paths that draw many lines at once, while the budget lasts."""
    within = chosen[np.cumsum(counts[chosen]) <= MAX_SEGMENTS].tolist()
    edges = [_edges(*bulk.path_points(paths[i], int(counts[i]))) for i in within]
    return np.concatenate([np.zeros((0, 4), np.float32), *edges])


def _edges(types: NDArray[np.int32], points: NDArray[np.float32]) -> Boxes:
    """Give the edges of a path that run along the axes; none where it has curves or slants."""
    if (types == pdfium.FPDF_SEGMENT_BEZIERTO).any():
        return np.zeros((0, 4), np.float32)
    drawn = types[1:] == pdfium.FPDF_SEGMENT_LINETO
    one, other = points[:-1][drawn], points[1:][drawn]
    boxes = np.concatenate((np.minimum(one, other), np.maximum(one, other)), axis=1)
    size = boxes[:, 2:] - boxes[:, :2]
    if (size.min(axis=1, initial=0) > THIN_POINTS).any():
        return boxes[:0]
    long: NDArray[np.bool_] = size.max(axis=1, initial=0) >= SHORTEST_POINTS
    return boxes[long]


def _transformed(drawn: _Drawn, matrix: NDArray[np.float32]) -> _Drawn:
    if (matrix == (1, 0, 0, 1, 0, 0)).all():
        return drawn
    scale = abs(float(matrix[0] * matrix[3] - matrix[1] * matrix[2]))
    return drawn._replace(
        rules=_moved(drawn.rules, matrix),
        shades=_moved(drawn.shades, matrix),
        picture=drawn.picture * scale,
    )


def _moved(boxes: Boxes, matrix: NDArray[np.float32]) -> Boxes:
    a, b, c, d, e, f = matrix
    linear, shift = np.array(((a, b), (c, d)), np.float32), np.array((e, f), np.float32)
    one, other = boxes[:, :2] @ linear + shift, boxes[:, 2:] @ linear + shift
    return np.concatenate((np.minimum(one, other), np.maximum(one, other)), axis=1)


def _product(inner: NDArray[np.float32], outer: NDArray[np.float32]) -> NDArray[np.float32]:
    """Multiply two PDF matrices (a, b, c, d, e, f)."""
    square = [
        np.append(m.reshape(3, 2), np.array([[0], [0], [1]], np.float32), axis=1) for m in (inner, outer)
    ]
    product: NDArray[np.float32] = (square[0] @ square[1])[:, :2].reshape(6)
    return product
