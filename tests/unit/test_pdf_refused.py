"""PDFs that cannot be read: each is refused by its own name, with what to do next."""

import io

import pypdfium2
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen import canvas

from esg.errors import Rejected
from esg.extract.pdf import read_pdf


def pdf(pages: int = 3, *, password: str = "") -> bytes:
    sink = io.BytesIO()
    drawn = canvas.Canvas(sink, encrypt=StandardEncryption(password) if password else None)
    for number in range(pages):
        drawn.drawString(72, 700, f"page {number}")
        drawn.showPage()
    drawn.save()
    return sink.getvalue()


def without_pages() -> bytes:
    sink = io.BytesIO()
    document = pypdfium2.PdfDocument.new()
    document.save(sink)
    document.close()
    return sink.getvalue()


def with_a_cycle() -> bytes:
    """A page tree that names itself as its only page."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\n"
        b"trailer<</Size 3/Root 1 0 R>>\n%%EOF\n"
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (pdf(password="secret"), "encrypted"),
        (pdf()[: len(pdf()) // 2], "truncated"),
        (without_pages(), "no_pages"),
        (with_a_cycle(), "corrupt"),
        (b"%PDF-1.7\n" + bytes(2000) + b"\n%%EOF\n", "corrupt"),
        (pdf(12), "too_many_pages"),
    ],
    ids=["encrypted", "truncated", "no pages", "cycle", "corrupt", "too many pages"],
)
def test_a_pdf_that_cannot_be_read_says_why(data: bytes, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        read_pdf(data, document_id="0" * 64, max_pages=10)

    assert refused.value.code == code
    assert refused.value.next_step


def test_a_good_one_is_read() -> None:
    pages = read_pdf(pdf(), document_id="0" * 64, max_pages=10)

    assert [page.text.strip() for page in pages] == ["page 0", "page 1", "page 2"]
