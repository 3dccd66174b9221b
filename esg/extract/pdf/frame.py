"""User space → the page as a reader sees it, and the upright frame in which its lines are read.

PDF user space has its origin at the bottom left of a MediaBox that may be cropped, shifted and turned. A
frame is a view of it: `turn` quarter turns clockwise, then the origin at the top left of the visible box,
y growing downwards.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.float32]  # shape (n, 4): x0, y0, x1, y1 with x0 <= x1 and y0 <= y1
Points = NDArray[np.float32]  # shape (n, 2)


class Frame(NamedTuple):
    """The visible box in user space (left, bottom, right, top) and the quarter turns of the view."""

    left: float
    bottom: float
    right: float
    top: float
    turn: int

    @property
    def width(self) -> float:
        return self.top - self.bottom if self.turn % 2 else self.right - self.left

    @property
    def height(self) -> float:
        return self.right - self.left if self.turn % 2 else self.top - self.bottom


def from_user_space(frame: Frame, points: Points) -> Points:
    """Map points of user space into the frame."""
    x, y = points[:, 0], points[:, 1]
    match frame.turn % 4:
        case 0:
            view = (x - frame.left, frame.top - y)
        case 1:
            view = (y - frame.bottom, x - frame.left)
        case 2:
            view = (frame.right - x, y - frame.bottom)
        case _:
            view = (frame.top - y, frame.right - x)
    return np.column_stack(view).astype(np.float32, copy=False)


def boxes_from_user_space(frame: Frame, rectangles: Boxes) -> Boxes:
    """Map rectangles (left, bottom, right, top in any order) of user space to boxes in the frame."""
    return _ordered(from_user_space(frame, rectangles[:, :2]), from_user_space(frame, rectangles[:, 2:]))


def turn_boxes(boxes: Boxes, *, quarter_turns: int, width: float, height: float) -> Boxes:
    """Turn boxes clockwise out of a page of this width and height."""
    x0, y0, x1, y1 = boxes.T
    match quarter_turns % 4:
        case 0:
            return boxes
        case 1:
            view = (height - y1, x0, height - y0, x1)
        case 2:
            view = (width - x1, height - y1, width - x0, height - y0)
        case _:
            view = (y0, width - x1, y1, width - x0)
    return np.column_stack(view).astype(np.float32, copy=False)


def around(boxes: Boxes, starts: NDArray[np.int64]) -> Boxes:
    """Give the box around each group of boxes; a group begins at each of `starts`."""
    return np.concatenate(
        (np.minimum.reduceat(boxes[:, :2], starts), np.maximum.reduceat(boxes[:, 2:], starts)), axis=1
    )


def _ordered(one: Points, other: Points) -> Boxes:
    return np.concatenate((np.minimum(one, other), np.maximum(one, other)), axis=1)
