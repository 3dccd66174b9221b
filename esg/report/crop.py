"""boxes of a quote → the part of its page worth showing."""

from collections.abc import Sequence

from esg.domain import Box

MARGIN = 30.0  # points around the quote: a line or two of what stands next to it
MIN_WIDTH = 330.0  # a column of a two-column page
MIN_HEIGHT = 120.0


def crop(boxes: Sequence[Box], width: float, height: float) -> Box | None:
    """Frame the boxes on a page of `width` × `height` points; None when there is nothing to frame."""
    if not boxes:
        return None
    x0, x1 = _frame(min(b.x0 for b in boxes), max(b.x1 for b in boxes), MIN_WIDTH, width)
    y0, y1 = _frame(min(b.y0 for b in boxes), max(b.y1 for b in boxes), MIN_HEIGHT, height)
    return Box(x0, y0, x1, y1)


def _frame(low: float, high: float, least: float, limit: float) -> tuple[float, float]:
    """Widen [low, high] by the margin and to `least`, kept inside [0, limit]."""
    spare = max(MARGIN, (least - (high - low)) / 2)
    low, high = low - spare, high + spare
    if low < 0:
        low, high = 0.0, high - low
    if high > limit:
        low, high = low - (high - limit), limit
    return max(0.0, round(low, 2)), min(limit, round(high, 2))
