"""Pillow's part of a picture: words of a layout, the highlight over a quote, the PNG."""

import io
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFont

from esg.domain import Box, Page
from esg.extract.view import View

_INK = (33, 33, 33)
_MARKER = (255, 233, 120)  # multiplied with the page, so that print stays readable under it
_EDGE = (226, 160, 0)
_PADDING_POINTS = 1.0
_FONT_OF_BOX = 0.84  # font size as a share of the height of a word's box
_MIN_FONT_PIXELS = 4


def words(page: Page, view: View) -> Image.Image:
    """Draw the words of a page where its layout puts them."""
    image = Image.new("RGB", view.size, "white")
    draw = ImageDraw.Draw(image)
    for word in page.words:
        x0, y0, x1, y1 = view.pixels(word.box)
        if x1 >= 0 and y1 >= 0 and x0 <= image.width and y0 <= image.height:
            font = _font(max(_MIN_FONT_PIXELS, round((y1 - y0) * _FONT_OF_BOX)))
            draw.text((x0, y0), page.text[word.start : word.end], _INK, font)
    return image


@lru_cache(maxsize=32)
def _font(pixels: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(pixels)


def highlighted(image: Image.Image, boxes: Sequence[Box], view: View) -> Image.Image:
    """Lay a translucent marker over the boxes."""
    if not boxes:
        return image
    marker = Image.new("RGB", image.size, "white")
    draw = ImageDraw.Draw(marker)
    for box in boxes:
        draw.rectangle(view.pixels(_padded(Box(*box))), fill=_MARKER, outline=_EDGE)
    return ImageChops.multiply(image.convert("RGB"), marker)


def _padded(box: Box) -> Box:
    return Box(
        box.x0 - _PADDING_POINTS, box.y0 - _PADDING_POINTS, box.x1 + _PADDING_POINTS, box.y1 + _PADDING_POINTS
    )


def png(image: Image.Image) -> bytes:
    """Encode a picture; the same picture gives the same bytes."""
    sink = io.BytesIO()
    image.save(sink, "PNG", compress_level=6)
    return sink.getvalue()
