"""A page's picture: pixels at a stated resolution, and parts of them as a network wants them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]  # (height, width, 3): blue, green, red
Floats = NDArray[np.float32]

INSET = 0.2  # of the width of a letter: its neighbours may reach in
CONTRAST = 40  # of 255, between ink and paper


@dataclass(frozen=True, slots=True)
class Picture:
    pixels: Pixels
    scale: float  # pixels a point

    def part(self, x0: float, y0: float, x1: float, y1: float) -> Pixels:
        """Cut out a box given in points, to whole pixels."""
        height, width = self.pixels.shape[:2]
        left, top = (max(0, int(np.floor(side * self.scale))) for side in (x0, y0))
        right, bottom = int(np.ceil(x1 * self.scale)), int(np.ceil(y1 * self.scale))
        return self.pixels[top : min(bottom, height), left : min(right, width)]


def resized(pixels: Pixels, width: int, height: int) -> Pixels:
    from PIL import Image  # by the first page that is a picture: each sandbox loads this module

    image = Image.fromarray(pixels).resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(image)


def normalised(pixels: Pixels) -> Floats:
    """Colours from -1 to 1, one plane each."""
    planes: Floats = pixels.transpose(2, 0, 1).astype(np.float32) / np.float32(127.5) - np.float32(1)
    return planes


def is_plain(picture: Picture, box: Sequence[float]) -> bool:
    """Say whether nothing is printed in the middle of a box."""
    x0, y0, x1, y1 = box
    inset = (x1 - x0) * INSET
    pixels = picture.part(x0 + inset, y0, x1 - inset, y1)
    return not pixels.size or int(np.ptp(pixels.reshape(-1, 3), axis=0).max()) < CONTRAST
