"""page → PNG with the quoted words highlighted: PDF drawn in the sandbox, HTML from its own layout."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from esg.domain import Box, MediaType, Page
from esg.extract import sandbox
from esg.extract.base import ParseLimits
from esg.extract.view import View, fit

_RASTERISE = "esg.extract.raster:rasterise"
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
    """Draw one page as PNG; raises `Rejected` as `extract` does."""
    return render_many(data, media_type, [Picture(page, boxes, scale, crop)])[0]


def render_many(
    data: bytes, media_type: MediaType, pictures: Sequence[Picture], *, limits: ParseLimits = _LIMITS
) -> list[bytes]:
    """Draw many pictures of one document with one start of the sandbox, in the order asked for."""
    if not pictures:
        return []
    if media_type is MediaType.HTML:
        return [_from_layout(picture) for picture in pictures]
    jobs = [_job(picture) for picture in pictures]
    return unpack(sandbox.run(_RASTERISE, data, {"jobs": jobs}, limits=limits))


def _job(picture: Picture) -> dict[str, Any]:
    return {"number": picture.page.number, "boxes": list(picture.boxes), "view": picture.view}


def _from_layout(picture: Picture) -> bytes:
    from esg.extract import paint  # Pillow is loaded only by those who draw

    image = paint.words(picture.page, picture.view)
    return paint.png(paint.highlighted(image, picture.boxes, picture.view))


def pack(pictures: Sequence[bytes]) -> bytes:
    """Frame many byte strings as one: each after its length."""
    return b"".join(struct.pack(">I", len(picture)) + picture for picture in pictures)


def unpack(data: bytes) -> list[bytes]:
    """Undo `pack`."""
    pictures: list[bytes] = []
    at = 0
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        pictures.append(data[at + 4 : at + 4 + length])
        at += 4 + length
    return pictures
