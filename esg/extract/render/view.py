"""(page, crop, scale) → the view of a page that a picture shows."""

from typing import NamedTuple

from esg.domain import Box

MAX_PIXELS = 6_000_000  # a page at 1.5 has one million; more serves nobody and costs memory
_MIN_POINTS = 8.0  # a narrower crop shows nothing


class View(NamedTuple):
    """A part of a page, in points, and how many pixels a point has."""

    x0: float
    y0: float
    x1: float
    y1: float
    scale: float

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        width, height = (self.x1 - self.x0) * self.scale, (self.y1 - self.y0) * self.scale
        return max(1, round(width)), max(1, round(height))

    def pixels(self, box: Box) -> tuple[float, float, float, float]:
        """Where a box of the page lies in the picture."""
        return (
            (box.x0 - self.x0) * self.scale,
            (box.y0 - self.y0) * self.scale,
            (box.x1 - self.x0) * self.scale,
            (box.y1 - self.y0) * self.scale,
        )


def fit(width: float, height: float, *, scale: float, crop: Box | None = None) -> View:
    """Cut a crop to the page and lower the scale until the picture has at most `MAX_PIXELS`."""
    x0, x1 = _cut(crop.x0, crop.x1, width) if crop else (0.0, width)
    y0, y1 = _cut(crop.y0, crop.y1, height) if crop else (0.0, height)
    points = max((x1 - x0) * (y1 - y0), 1.0)
    return View(x0, y0, x1, y1, min(scale, (MAX_PIXELS / points) ** 0.5))


def _cut(low: float, high: float, limit: float) -> tuple[float, float]:
    """Keep an interval on [0, limit] and not too narrow to see."""
    low, high = sorted((min(max(low, 0.0), limit), min(max(high, 0.0), limit)))
    if high - low >= _MIN_POINTS:
        return low, high
    high = min(limit, low + _MIN_POINTS)
    return max(0.0, high - _MIN_POINTS), high
