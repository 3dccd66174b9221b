import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from esg.domain import Box
from esg.extract.render import paint
from esg.extract.render.framing import pack, unpack
from esg.extract.render.view import MAX_PIXELS, View, fit

sides = st.floats(-1e4, 1e4)


def test_a_page_is_drawn_whole_at_its_scale() -> None:
    assert fit(612, 792, scale=1.5).size == (918, 1188)


def test_a_crop_is_cut_to_the_page() -> None:
    assert fit(612, 792, scale=2, crop=Box(-50, 700, 306, 9000)) == View(0, 700, 306, 792, 2)


def test_a_page_as_big_as_a_wall_is_drawn_smaller() -> None:
    width, height = fit(14_400, 14_400, scale=3).size

    assert width * height <= MAX_PIXELS * 1.01


@given(
    st.floats(1, 20_000), st.floats(1, 20_000), st.floats(0.1, 50), st.builds(Box, sides, sides, sides, sides)
)
def test_no_crop_leaves_the_page_or_the_cap(width: float, height: float, scale: float, crop: Box) -> None:
    view = fit(width, height, scale=scale, crop=crop)

    assert 0 <= view.x0 < view.x1 <= width
    assert 0 <= view.y0 < view.y1 <= height
    assert 0 < view.scale <= scale
    assert view.size[0] * view.size[1] <= MAX_PIXELS * 1.1


def test_a_highlight_colours_its_boxes_and_keeps_the_print() -> None:
    image = Image.new("RGB", (100, 100), "white")
    image.putpixel((50, 50), (0, 0, 0))

    marked = paint.highlighted(image, [Box(40, 40, 60, 60)], View(0, 0, 100, 100, 1))

    assert marked.getpixel((45, 45)) != (255, 255, 255)
    assert marked.getpixel((50, 50)) == (0, 0, 0)
    assert marked.getpixel((10, 10)) == (255, 255, 255)


def test_a_highlight_follows_crop_and_scale() -> None:
    image = Image.new("RGB", (100, 100), "white")

    marked = paint.highlighted(image, [Box(120, 220, 130, 230)], View(100, 200, 150, 250, 2))

    assert marked.getpixel((50, 50)) != (255, 255, 255)
    assert marked.getpixel((90, 90)) == (255, 255, 255)


def test_words_in_other_scripts_leave_a_trace_with_or_without_a_font() -> None:
    image = paint.foreign(
        Image.new("RGB", (100, 40), "white"), [("排放", Box(10, 5, 60, 30))], View(0, 0, 100, 40, 1)
    )

    assert image.getextrema() != ((255, 255), (255, 255), (255, 255))


def test_the_same_picture_gives_the_same_bytes() -> None:
    image = Image.new("RGB", (30, 20), "white")

    assert paint.png(image) == paint.png(image.copy())
    assert Image.open(io.BytesIO(paint.png(image))).size == (30, 20)


@given(st.lists(st.binary(max_size=50), max_size=5))
def test_packing_is_undone(pieces: list[bytes]) -> None:
    assert unpack(pack(pieces)) == pieces


@pytest.mark.parametrize("data", [b"\0\0", b"\0\0\0\5abc", pack([b"abc"]) + b"x"])
def test_what_was_not_packed_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="cut off"):
        unpack(data)
