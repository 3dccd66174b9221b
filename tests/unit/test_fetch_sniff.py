import io
import zipfile

import pytest

from esg.domain import MediaType
from esg.errors import Rejected
from esg.fetch import from_bytes
from esg.fetch.sniff import sniff


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x" * 100)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"%PDF-1.7\n...", MediaType.PDF),
        (b"\x00" * 1000 + b"%PDF-1.4", MediaType.PDF),
        (b"junk of a mail gateway\r\n%PDF-1.4", MediaType.PDF),
        (b"<!DOCTYPE html><p>x", MediaType.HTML),
        (b"\n\n  <HTML><body>", MediaType.HTML),
        (b"\xef\xbb\xbf<html>", MediaType.HTML),
        ("\ufeff<html><body>ä".encode("utf-16-le"), MediaType.HTML),
        ("\ufeff<html><body>ä".encode("utf-16-be"), MediaType.HTML),
        (
            b"<?xml version='1.0'?>\n<!-- made by -->\n<html xmlns='http://www.w3.org/1999/xhtml'>",
            MediaType.HTML,
        ),
        (b"<!-- a comment --><div>fragment</div>", MediaType.HTML),
        (b"<html><body>How a PDF begins: %PDF-1.7</body></html>", MediaType.HTML),
        (zipped("[Content_Types].xml", "word/document.xml"), MediaType.DOCX),
        (b"<SEC-DOCUMENT>\n<TYPE>10-K\n<TEXT>\n<html><body>", MediaType.HTML),
    ],
)
def test_content_decides(data: bytes, media_type: MediaType) -> None:
    assert sniff(data, name="upload") is media_type


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (zipped("word/document.xml"), "Word document"),
        (zipped("xl/workbook.xml"), "Excel workbook"),
        (zipped("ppt/presentation.xml"), "PowerPoint"),
        (zipped("META-INF/reports.json"), "ESEF report package"),
        (zipped("report.pdf"), "ZIP archive"),
        (b"PK\x03\x04" + bytes(26) + b"report.pdf%PDF-1.7\n...", "ZIP archive"),  # not deflated
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Microsoft Office"),
        (b"\x89PNG\r\n\x1a\n" + bytes(10), "PNG picture"),
        (b"\xff\xd8\xff\xe0" + bytes(10), "JPEG picture"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "WebP picture"),
        (b"\x00\x00\x00\x20ftypheic", "HEIC"),
        (b"{\\rtf1", "RTF"),
        (b"\x1f\x8b\x08", "gzip"),
        (b'{"scope1": 12}', "JSON"),
        (b"<?xml version='1.0'?><xbrl/>", "XML"),
        (b"year,scope1\n2023,12\n", "plain text"),
        (b"\x01\x02\x03\x04\x05", "unknown binary data"),
    ],
)
def test_other_content_is_named_with_what_to_do(data: bytes, says: str) -> None:
    with pytest.raises(Rejected) as refusal:
        sniff(data, name="upload")

    assert refusal.value.code == "unsupported_type"
    assert says in refusal.value.message
    assert refusal.value.next_step


def test_no_bytes_are_empty() -> None:
    with pytest.raises(Rejected) as refusal:
        sniff(b"", name="report.pdf")

    assert refusal.value.code == "empty"


@pytest.mark.parametrize("data", [b"plain text", b"<html><body>Please log in", b"\x89PNG\r\n\x1a\n"])
@pytest.mark.parametrize("name", ["report.pdf", "REPORT.PDF", "https://a.example/report.pdf?download=1"])
def test_named_pdf_but_something_else_is_an_error_of_its_own(data: bytes, name: str) -> None:
    with pytest.raises(Rejected) as refusal:
        sniff(data, name=name)

    assert refusal.value.code == "not_a_pdf"


def test_a_word_document_that_is_named_pdf_is_told_as_one() -> None:
    with pytest.raises(Rejected, match=r"is named \.pdf but is a Word document") as refusal:
        sniff(zipped("[Content_Types].xml", "word/document.xml"), name="report.pdf")

    assert "rename it to .docx" in refusal.value.next_step


def test_a_pdf_by_any_other_name_is_a_pdf() -> None:
    assert sniff(b"%PDF-1.7", name="report.docx") is MediaType.PDF


def test_an_upload_keeps_its_name_and_its_bytes() -> None:
    fetched = from_bytes(b"%PDF-1.7", name="report.pdf")

    assert (fetched.source, fetched.data, fetched.media_type) == ("report.pdf", b"%PDF-1.7", MediaType.PDF)
    assert fetched.fetched_at.tzinfo is not None
