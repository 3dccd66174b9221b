"""Drawn pages are kept, found again, and forgotten longest-unseen first."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from api.page_images import PageImages
from esg.domain import Fetched, Page
from esg.extract import Extraction
from tests.fakes.scorecards import quoting


@pytest.fixture(scope="module")
def pages(extraction: Extraction) -> tuple[Page, ...]:
    return extraction.pages


def test_what_was_drawn_is_found_again(original: Fetched, pages: tuple[Page, ...], tmp_path: Path) -> None:
    images = PageImages(tmp_path / "pages")
    page = pages[0]
    assert images.get(page.document_id, 1, None, is_crop=False) is None
    drawn = images.draw(original, page, None, is_crop=False)
    assert images.get(page.document_id, 1, None, is_crop=False) == drawn
    assert images.get(page.document_id, 2, None, is_crop=False) is None


def test_the_quote_and_the_crop_make_another_image(
    original: Fetched, pages: tuple[Page, ...], tmp_path: Path
) -> None:
    images = PageImages(tmp_path)
    evidence = quoting(original, pages).evidence[0]
    page = pages[evidence.page - 1]
    whole = images.draw(original, page, evidence, is_crop=False)
    crop = images.draw(original, page, evidence, is_crop=True)
    assert len({whole, crop, images.draw(original, page, None, is_crop=False)}) == 3
    moved = replace(evidence, boxes=evidence.boxes[:1])
    assert images.get(page.document_id, page.number, moved, is_crop=True) is None


def test_the_folder_is_held_to_its_size(original: Fetched, pages: tuple[Page, ...], tmp_path: Path) -> None:
    images = PageImages(tmp_path)
    drawn = [images.draw(original, page, None, is_crop=False) for page in pages[:3]]
    files = {file.read_bytes(): file for file in tmp_path.glob("*/*.png")}
    for seen, page in enumerate((1, 0, 2)):  # the second page was looked at longest ago
        os.utime(files[drawn[page]], (1_000_000 + seen, 1_000_000 + seen))

    images.max_bytes = sum(map(len, drawn)) - 1
    images.draw(original, pages[2], None, is_crop=False)

    kept = [images.get(pages[0].document_id, n, None, is_crop=False) is not None for n in (1, 2, 3)]
    assert kept == [True, False, True]
