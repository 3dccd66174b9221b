"""page → PNG with the quoted words highlighted, drawn in the sandbox.

A web page and a Word document have no page of their own: they are drawn as they were laid out to be read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from esg.domain import BlockKind, Box, MediaType, Page
from esg.errors import Rejected
from esg.extract import sandbox
from esg.extract.base import ParseLimits
from esg.extract.render.framing import unpack
from esg.extract.render.view import View, fit

_LIMITS = ParseLimits(timeout_seconds=60.0)


@dataclass(frozen=True, slots=True)
class Picture:
    """What to draw: a page or, with `crop`, a part of it; boxes and crop in the page's points."""

    page: Page
    boxes: Sequence[Box] = ()
    scale: float = 1.5  # pixels a point, lowered where the picture would grow too big
    crop: Box | None = None

    @property
    def view(self) -> View:
        return fit(self.page.width, self.page.height, scale=self.scale, crop=self.crop)


def render(
    data: bytes,
    media_type: MediaType,
    page: Page,
    *,
    boxes: Sequence[Box] = (),
    scale: float = 1.5,
    crop: Box | None = None,
) -> bytes:
    """Draw one page as PNG; raises `Rejected` as `extract` does, or with `not_drawable`."""
    return render_many(data, media_type, [Picture(page, boxes, scale, crop)])[0]


def render_many(
    data: bytes, media_type: MediaType, pictures: Sequence[Picture], *, limits: ParseLimits = _LIMITS
) -> list[bytes]:
    """Draw many pictures of one document with one start of the sandbox, in the order asked for."""
    if not pictures:
        return []
    if media_type is not MediaType.PDF:
        drawn = _drawn("typeset", "typeset", b"", _order(pictures, _layout), limits)
    else:
        drawn = _drawn("raster", "rasterise", data, _order(pictures, _place), limits)
    return _all(drawn, len(pictures))


def _drawn(name: str, function: str, data: bytes, order: dict[str, Any], limits: ParseLimits) -> bytes:
    module = f"esg.extract.render.{name}"
    return sandbox.run(f"{module}:{function}", data, order, limits=limits, modules=[module])


def _order(pictures: Sequence[Picture], describe: Any) -> dict[str, Any]:
    jobs = [{**describe(picture), "boxes": list(picture.boxes), "view": picture.view} for picture in pictures]
    return {"jobs": jobs}


def _place(picture: Picture) -> dict[str, Any]:
    return {"number": picture.page.number}


def _layout(picture: Picture) -> dict[str, Any]:
    """The words that lie in the view; headings are bold."""
    page, view = picture.page, picture.view
    headings = [block for block in page.blocks if block.kind is BlockKind.HEADING]
    bold = {at for block in headings for at in range(block.start, block.end)}
    words = [
        (page.text[word.start : word.end], word.box, word.start in bold)
        for word in page.words
        if view.y0 <= word.box.y1 and word.box.y0 <= view.y1
    ]
    return {"words": words}


def _all(drawn: bytes, count: int) -> list[bytes]:
    """Read what the sandbox drew; it read hostile bytes, so it is not believed."""
    try:
        pictures = unpack(drawn)
    except ValueError:
        pictures = []
    if len(pictures) != count or not all(picture.startswith(b"\x89PNG") for picture in pictures):
        raise Rejected(
            "The page's picture cannot be read.", code="parser_crashed", next_step="Read its text instead."
        )
    return pictures
