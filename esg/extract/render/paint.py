"""Pillow's part of a picture: the highlight over a quote, words in other scripts, the PNG."""

import io
from collections.abc import Iterable, Sequence
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFont

from esg.domain import Box
from esg.extract.render.view import View

__all__ = ["Image", "foreign", "highlighted", "png"]

_INK = (33, 33, 33)
_FAINT = (190, 190, 190)
_MARKER = (255, 233, 120)  # multiplied with the page, so that print stays readable under it
_EDGE = (226, 160, 0)
_PADDING_POINTS = 1.0
_FONT_OF_BOX = 0.8  # font size as a share of the height of a word's box
_MIN_FONT_PIXELS = 4
# Looked for where the system keeps its fonts; without them, words in other scripts are shown as frames.
_SYSTEM_FONTS = (
    "NotoSansCJK-Regular.ttc",
    "DejaVuSans.ttf",
    "NotoSans-Regular.ttf",
    "LiberationSans-Regular.ttf",
    "Arial Unicode.ttf",
    "arial.ttf",
)


def foreign(image: Image.Image, words: Iterable[tuple[str, Box]], view: View) -> Image.Image:
    """Draw words whose letters PDFium's own faces do not hold."""
    draw = ImageDraw.Draw(image)
    for text, box in words:
        x0, y0, x1, y1 = view.pixels(box)
        font = _system_font(max(_MIN_FONT_PIXELS, round((y1 - y0) * _FONT_OF_BOX)))
        if font is None:
            draw.rectangle((x0, y0 + 1, x1 - 1, y1 - 1), outline=_FAINT)
        else:
            draw.text((x0, y0), text, _INK, font)
    return image


@lru_cache(maxsize=32)
def _system_font(pixels: int) -> ImageFont.FreeTypeFont | None:
    for name in _SYSTEM_FONTS:
        try:
            return ImageFont.truetype(name, pixels)
        except OSError:  # not on this machine
            continue
    return None


def highlighted(image: Image.Image, boxes: Sequence[Box], view: View) -> Image.Image:
    """Lay a translucent marker over the boxes."""
    if not boxes:
        return image
    marker = Image.new("RGB", image.size, "white")
    draw = ImageDraw.Draw(marker)
    for box in boxes:
        draw.rectangle(view.pixels(_padded(box)), fill=_MARKER, outline=_EDGE)
    return ImageChops.multiply(image, marker)


def _padded(box: Box) -> Box:
    pad = _PADDING_POINTS
    return Box(box.x0 - pad, box.y0 - pad, box.x1 + pad, box.y1 + pad)


def png(image: Image.Image) -> bytes:
    """Encode a picture; the same picture gives the same bytes."""
    sink = io.BytesIO()
    image.save(sink, "PNG", compress_level=6)
    return sink.getvalue()
