"""Pages of the sample reports as scans: what OCR reads is what their text layer says."""

from pathlib import Path

import pytest

from esg.domain import Legibility, Page
from esg.evaluate import OcrCounts, as_scan
from esg.evaluate.ocr import compare
from esg.extract import Extraction, ParseLimits, extract
from esg.fetch import from_bytes
from esg.kpi import read_kpis
from esg.pipeline import describe
from tests.fakes.in_order import words_ascend

SAMPLES = Path(__file__).parent / "samples"
STEM, PAGES = "lyngvarde-2024", (8, 14)
LIMITS = ParseLimits(timeout_seconds=240.0)


@pytest.fixture(scope="module")
def printed() -> list[Page]:
    data = (SAMPLES / f"{STEM}.pdf").read_bytes()
    pages = extract(from_bytes(data, name=f"{STEM}.pdf"), limits=LIMITS).pages
    return [pages[number - 1] for number in PAGES]


@pytest.fixture(scope="module")
def scan(printed: list[Page]) -> bytes:
    return as_scan((SAMPLES / f"{STEM}.pdf").read_bytes(), printed)


@pytest.fixture(scope="module")
def read(scan: bytes) -> Extraction:
    return extract(from_bytes(scan, name="scan.pdf"), limits=LIMITS)


def test_nearly_every_word_and_number_is_read(printed: list[Page], read: Extraction) -> None:
    counts = sum((compare(*pair) for pair in zip(printed, read.pages, strict=True)), OcrCounts())

    assert {page.legibility for page in read.pages} == {Legibility.OCR}
    assert counts.words_found >= 0.98 * counts.words
    assert counts.numbers_found >= 0.98 * counts.numbers


def test_tables_have_the_same_rows(printed: list[Page], read: Extraction) -> None:
    assert rows(read.pages[0]) == rows(printed[0])


def test_words_stand_in_the_order_of_the_text(printed: list[Page], read: Extraction) -> None:
    assert all(map(words_ascend, [*printed, *read.pages]))


def test_the_language_is_known(read: Extraction) -> None:
    assert read.language == "en"


def test_the_same_scan_gives_the_same_pages(scan: bytes, read: Extraction) -> None:
    assert extract(from_bytes(scan, name="scan.pdf"), limits=LIMITS) == read


def test_a_figure_read_by_ocr_says_so(scan: bytes, read: Extraction) -> None:
    document = describe(from_bytes(scan, name="scan.pdf"), read, company="Lyngvarde ASA", year=2024)
    kpis = read_kpis(document, read.pages)

    assert kpis
    for kpi in kpis:
        assert "ocr" in kpi.flags
        assert read.pages[kpi.page - 1].text[kpi.start : kpi.end] == kpi.quote


def rows(page: Page) -> list[list[str]]:
    tables = [[page.text[c.start : c.end] for c in row] for table in page.tables for row in table.rows]
    return [[cell.replace("₂", "2") for cell in row] for row in tables]
