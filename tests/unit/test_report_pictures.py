"""Quotes → pictures: the right part of the page, the words marked, small enough for one file."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from esg.domain import Box, Fetched
from esg.extract import Extraction
from esg.report import crop, pictures
from esg.report.crop import MARGIN, MIN_HEIGHT, MIN_WIDTH
from esg.report.pictures import SCALE
from tests.fakes.scorecards import quoting


@pytest.mark.parametrize(
    "boxes",
    [
        [Box(100, 100, 200, 110)],
        [Box(0, 0, 5, 5)],
        [Box(580, 830, 595, 842)],
        [Box(50, 400, 545, 412), Box(50, 414, 300, 426)],
        [Box(0, 0, 595, 842)],
    ],
)
def test_a_crop_holds_the_quote_and_stays_on_the_page(boxes: list[Box]) -> None:
    part = crop(boxes, 595, 842)
    assert part
    assert 0 <= part.x0 <= min(b.x0 for b in boxes)
    assert max(b.x1 for b in boxes) <= part.x1 <= 595
    assert 0 <= part.y0 <= min(b.y0 for b in boxes)
    assert max(b.y1 for b in boxes) <= part.y1 <= 842
    assert part.x1 - part.x0 >= MIN_WIDTH
    assert part.y1 - part.y0 >= MIN_HEIGHT


def test_a_crop_leaves_a_margin() -> None:
    part = crop([Box(100, 300, 500, 500)], 595, 842)
    assert part == Box(100 - MARGIN, 300 - MARGIN, 500 + MARGIN, 500 + MARGIN)


def test_a_small_page_is_shown_whole() -> None:
    assert crop([Box(10, 10, 20, 20)], 200, 100) == Box(0, 0, 200, 100)


def test_no_boxes_no_crop() -> None:
    assert crop([], 595, 842) is None


def test_every_quote_has_its_picture(original: Fetched, extraction: Extraction) -> None:
    card = quoting(original, extraction.pages)
    drawn = pictures(card, original, extraction.pages)
    for evidence in card.evidence:
        page = extraction.pages[evidence.page - 1]
        part = crop(evidence.boxes, page.width, page.height)
        image = Image.open(io.BytesIO(drawn(evidence)))
        assert part
        assert image.mode == "P"
        assert image.width == pytest.approx((part.x1 - part.x0) * SCALE, abs=2)
        assert image.height == pytest.approx((part.y1 - part.y0) * SCALE, abs=2)
        colours = image.convert("RGB").getcolors(256) or []
        assert any(r > 220 and g > 200 and b < 160 and n > 50 for n, (r, g, b) in colours)


def test_the_same_quotes_give_the_same_bytes(original: Fetched, extraction: Extraction) -> None:
    card = quoting(original, extraction.pages)
    first, second = (pictures(card, original, extraction.pages) for _ in range(2))
    assert [first(e) for e in card.evidence] == [second(e) for e in card.evidence]


def test_a_document_that_cannot_be_drawn_has_no_pictures(original: Fetched, extraction: Extraction) -> None:
    card = quoting(original, extraction.pages)
    drawn = pictures(card, replace(original, data=b"%PDF-1.7 no more"), extraction.pages)
    assert {drawn(evidence) for evidence in card.evidence} == {b""}
