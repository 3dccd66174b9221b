"""Text objects → what of them a clip path lets be seen: a placed picture may carry text beyond its frame."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from esg.extract.pdf import bulk
from esg.extract.pdf.frame import Boxes

SLACK_POINTS = 1.0
MOST = 0.95  # of the runs of a page: a clip that hides more is misread


def hidden(objects: Sequence[int], boxes: Boxes) -> NDArray[np.bool_]:
    """Say of each text object whether its first glyph, with this box in user space, is clipped away."""
    found = np.zeros(len(objects), np.bool_)
    counts = bulk.clip_counts(objects)
    clipped = np.flatnonzero(counts > 0)
    if not len(clipped):
        return found
    centres = (boxes[clipped, :2] + boxes[clipped, 2:]) * np.float32(0.5)
    ask = [objects[i] for i in clipped.tolist()]
    own = _holds(bulk.object_bounds(ask), centres)  # else the object is in a form that moves it
    clips = np.array([_bounds(address, int(counts[i])) for address, i in zip(ask, clipped, strict=True)])
    found[clipped] = own & ~_holds(clips, centres)
    return found if found.mean() < MOST else np.zeros(len(objects), np.bool_)


def _bounds(page_object: int, paths: int) -> Boxes:
    """Give the box that all clip paths of an object have in common: left, bottom, right, top."""
    points = [bulk.clip_points(page_object, path) for path in range(paths)]
    low = np.max([path.min(axis=0) for path in points if len(path)], axis=0, initial=-np.inf)
    high = np.min([path.max(axis=0) for path in points if len(path)], axis=0, initial=np.inf)
    return np.concatenate((np.broadcast_to(low, 2), np.broadcast_to(high, 2)))


def _holds(boxes: Boxes, points: NDArray[np.float32]) -> NDArray[np.bool_]:
    inside = np.hstack((points > boxes[:, :2] - SLACK_POINTS, points < boxes[:, 2:] + SLACK_POINTS))
    held: NDArray[np.bool_] = np.logical_and.reduce(inside, axis=1)
    return held
