"""Small PDFs whose text layer is missing or lies → pages that say what is printed, and that OCR read them."""

import io
import random
import re
from pathlib import Path

import font_source_sans_pro
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from esg.domain import Box, Legibility, Page
from esg.extract.pdf import read_pdf
from esg.extract.pdf.sheets import read_sheets

SIZE = (420.0, 300.0)
FACE = (
    Path(font_source_sans_pro.__file__).parent / "files" / "SourceSansPro-Light.ttf"
)  # a face that no other test draws with: it is shared
PROSE = (
    "We measure the emissions of every works each quarter.",
    "A just transition keeps families housed and working.",
    "Six quiet vans of our fleet moved 1,890 boxes by 2027.",
    "The Board checks progress; Zurich, Oslo and Kyoto report.",
    "Jobs in Wales, Utah and Quebec grew by 3.5 and 46.7 per cent.",
)
ROWS = (
    ("tonnes CO2e", "2022", "2023", "2024"),
    ("Scope 1 emissions", "1,237", "1,291", "1,342"),
    ("Scope 2 emissions", "22,440", "22,480", "20,600"),
    ("Scope 3 emissions", "132,790", "147,380", "123,520"),
)


def page_of(canvas: Canvas, font: str) -> None:
    canvas.setFont(font, 10)
    for place, text in enumerate(PROSE):
        canvas.drawString(40, 260 - 14 * place, text)
    for place, row in enumerate(ROWS):
        y = 150 - 16 * place
        canvas.drawString(40, y, row[0])
        for column, figure in enumerate(row[1:]):
            canvas.drawRightString(220 + 70 * column, y, figure)


def pdf(*, pages: int = 1, font: str = "Helvetica") -> bytes:
    sink = io.BytesIO()
    canvas = Canvas(sink, pagesize=SIZE, pageCompression=0, invariant=1)
    for _ in range(pages):
        page_of(canvas, font)
        canvas.showPage()
    canvas.save()
    return sink.getvalue()


def photographed(data: bytes) -> bytes:
    """The same pages as pictures, without a text layer."""
    import pypdfium2

    sink = io.BytesIO()
    canvas = Canvas(sink, pagesize=SIZE, invariant=1)
    document = pypdfium2.PdfDocument(data)
    for index in range(len(document)):
        image = document[index].render(scale=200 / 72, grayscale=True).to_pil()
        canvas.drawImage(ImageReader(image), 0, 0, *SIZE)
        canvas.showPage()
    document.close()
    canvas.save()
    return sink.getvalue()


def garbled() -> bytes:
    """A page in a font that numbers its letters as they come and has no table that says which they are."""
    font = TTFont("Garbled", str(FACE), asciiReadable=0)
    pdfmetrics.registerFont(font)
    random.Random(7).shuffle(letters := list({*"".join(PROSE), *"".join(sum(ROWS, ()))}))
    sink = io.BytesIO()
    canvas = Canvas(sink, pagesize=SIZE, pageCompression=0, invariant=1)
    font.splitString("".join(letters), canvas._doc)  # the order in which they get their numbers
    page_of(canvas, "Garbled")
    canvas.showPage()
    canvas.save()
    return re.sub(rb"/ToUnicode \d+ 0 R", lambda match: b" " * len(match[0]), sink.getvalue())


def read(data: bytes, *, ocr_pages: int = 10) -> tuple[Page, ...]:
    return read_pdf(data, document_id="d", max_pages=100, ocr_pages=ocr_pages)


def rows(page: Page) -> list[list[str]]:
    (table,) = page.tables
    return [[page.text[cell.start : cell.end] for cell in row] for row in table.rows]


def box_of(page: Page, text: str) -> Box:
    return next(word.box for word in page.words if page.text[word.start : word.end] == text)


@pytest.fixture(scope="module")
def plain() -> Page:
    return read(pdf())[0]


@pytest.fixture(scope="module")
def scan() -> Page:
    return read(photographed(pdf()))[0]


@pytest.fixture(scope="module")
def decoded() -> Page:
    return read(garbled())[0]


# -- a picture of a page


def test_a_picture_is_read(scan: Page, plain: Page) -> None:
    assert scan.legibility is Legibility.OCR
    assert scan.text == plain.text


def test_a_table_in_a_picture_has_its_cells(scan: Page) -> None:
    assert rows(scan)[-3:] == [list(row) for row in ROWS[1:]]


@pytest.mark.parametrize("word", ["emissions", "Zurich,", "1,342", "123,520"])
def test_a_word_in_a_picture_has_the_box_it_is_printed_in(word: str, scan: Page, plain: Page) -> None:
    for found, printed in zip(box_of(scan, word), box_of(plain, word), strict=True):
        assert found == pytest.approx(printed, abs=2.5)


def test_a_word_is_where_its_offsets_say(scan: Page) -> None:
    assert " ".join(scan.text[word.start : word.end] for word in scan.words) == " ".join(scan.text.split())


def test_the_same_picture_gives_the_same_page(scan: Page) -> None:
    assert read(photographed(pdf()))[0] == scan


def test_beyond_the_limit_pages_stay_unread() -> None:
    pages = read(photographed(pdf(pages=2)), ocr_pages=1)

    assert [page.legibility for page in pages] == [Legibility.OCR, Legibility.NO_TEXT]
    assert pages[1].text == ""


def test_without_ocr_nothing_is_read() -> None:
    assert read(photographed(pdf()), ocr_pages=0)[0].legibility is Legibility.NO_TEXT


def test_a_photograph_has_been_read_and_says_nothing() -> None:
    sink = io.BytesIO()
    canvas = Canvas(sink, pagesize=SIZE, invariant=1)
    canvas.drawImage(ImageReader(Image.new("RGB", (40, 30), "navy")), 0, 0, *SIZE)
    canvas.showPage()
    canvas.save()

    (page,) = read(sink.getvalue())

    assert (page.legibility, page.text, page.words) == (Legibility.OCR, "", ())


def test_a_page_with_a_text_layer_is_left_alone() -> None:
    data = pdf(pages=2)

    assert read(data) == read(data, ocr_pages=0)


# -- a text layer whose letters are not the printed ones


def test_a_lying_font_is_noticed() -> None:
    (page,) = read(garbled(), ocr_pages=0)

    assert page.legibility is Legibility.GARBLED
    assert "emissions" not in page.text


def test_a_garbled_text_layer_is_deciphered(decoded: Page, plain: Page) -> None:
    assert decoded.legibility is Legibility.DECODED
    assert decoded.text == plain.text


def test_a_deciphered_table_has_its_cells(decoded: Page) -> None:
    assert rows(decoded)[-3:] == [list(row) for row in ROWS[1:]]


def test_deciphering_keeps_the_boxes_of_the_text_layer(decoded: Page) -> None:
    (before,) = read(garbled(), ocr_pages=0)
    ends = [max(word.box.x1 for word in page.words) for page in (before, decoded)]

    assert ends[0] == ends[1]


def test_the_same_garbled_bytes_give_the_same_page(decoded: Page) -> None:
    assert read(garbled())[0] == decoded


def test_sheets_alone_need_no_ocr() -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(photographed(pdf()))
    (sheet,) = read_sheets(document, [0])
    document.close()

    assert (sheet.legibility, sheet.tokens) == (Legibility.NO_TEXT, [])
