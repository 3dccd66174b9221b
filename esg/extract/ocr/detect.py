"""A page's picture → the boxes of its lines of text (differentiable binarisation, Liao et al. 2020)."""

import numpy as np

from esg.extract.ocr.models import detector, run
from esg.extract.ocr.picture import Floats, Picture, normalised, resized
from esg.extract.ocr.regions import regions

SCALE = 1.4  # pixels a point in the picture the network sees
LONGEST = 1600  # pixels of its longer side
GRID = 32  # both sides are multiples of it
INK = 0.3  # a pixel is text where the network is as sure as this
SURE = 0.5  # a region is text where its pixels are as sure as this in the mean
GROWTH = 1.6  # regions are shrunk: by how much of their area over their circumference they grow
SMALLEST = 3  # pixels of a region's lower side
PLACES = 3  # decimals of what the network says, before anything is decided by it


def detect_lines(picture: Picture) -> Floats:
    """Give the boxes of lines, x0, y0, x1, y1 in points, from top to bottom."""
    height, width = picture.pixels.shape[:2]
    shrink = min(SCALE / picture.scale, LONGEST / max(height, width))
    size = (_to_grid(width * shrink), _to_grid(height * shrink))
    ink = run(detector(), normalised(resized(picture.pixels, *size)))[0].round(PLACES)
    boxes, pixels = regions(ink > INK)
    sums = np.add.reduceat  # of the certainty under each box
    keep = [i for i, box in enumerate(boxes.tolist()) if _is_text(ink, box)]
    grown = _grown(boxes[keep].astype(np.float32))
    del sums, pixels
    return grown * np.tile(np.array((width, height), np.float32) / size / picture.scale, 2).astype(np.float32)


def _to_grid(side: float) -> int:
    return max(GRID, round(side / GRID) * GRID)


def _is_text(ink: Floats, box: list[int]) -> bool:
    x0, y0, x1, y1 = box
    if min(x1 - x0, y1 - y0) < SMALLEST:
        return False
    inside = ink[y0:y1, x0:x1]
    return bool(inside[inside > INK].mean() >= SURE)


def _grown(boxes: Floats) -> Floats:
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    by = (GROWTH * width * height / (2 * (width + height)))[:, None]
    return np.concatenate((boxes[:, :2] - by, boxes[:, 2:] + by), axis=1)
