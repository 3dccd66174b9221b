"""bytes → media type, by what is in them; names and headers are not believed."""

import re
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from esg.domain import MediaType
from esg.errors import Rejected

HEAD_BYTES = 64 * 1024
_PDF_HEADER_BYTES = 1024  # ISO 32000-1, implementation note 13: readers look this far for the header

_MARKUP = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|table|div|p|span|h[1-6]|main|article|section)[\s>/:]",
    re.IGNORECASE,
)
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)

_ZIP = b"PK\x03\x04"

# What people send by mistake: how it begins, what it is, what to do about it.
_AS_PDF = "Save it as PDF and send that."
_SCAN = "Send the report as a PDF, not as a picture."
_UNPACK = "Unpack it and send the PDF in it."
_OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Microsoft Office file", _AS_PDF),
    (b"{\\rtf", "an RTF document", _AS_PDF),
    (b"%!PS", "a PostScript file", _AS_PDF),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture", _SCAN),
    (b"\xff\xd8\xff", "a JPEG picture", _SCAN),
    (b"GIF8", "a GIF picture", _SCAN),
    (b"II*\x00", "a TIFF picture", _SCAN),
    (b"MM\x00*", "a TIFF picture", _SCAN),
    (b"BM", "a BMP picture", _SCAN),
    (b"\x1f\x8b", "a gzip archive", _UNPACK),
    (b"BZh", "a bzip2 archive", _UNPACK),
    (b"\xfd7zXZ\x00", "an xz archive", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _UNPACK),
    (b"Rar!", "a RAR archive", _UNPACK),
    (b"\x7fELF", "a program", "Send a report."),
    (b"MZ", "a Windows program", "Send a report."),
    (b"ID3", "a sound file", "Send a report."),
    (b"PAR1", "a Parquet file", "Send the report, not data."),
    (b"SQLite format 3\x00", "an SQLite database", "Send the report, not data."),
)
_IN_ZIP: tuple[tuple[bytes, str, str], ...] = (
    (b"word/", "a Word document", _AS_PDF),
    (b"xl/", "an Excel workbook", _AS_PDF),
    (b"ppt/", "a PowerPoint presentation", _AS_PDF),
    (b"application/epub+zip", "an EPUB book", _AS_PDF),
    (b"opendocument", "an OpenDocument file", _AS_PDF),
    (b"META-INF/reports", "an ESEF report package", "Unpack it and send the .xhtml in its reports folder."),
)


def sniff(data: bytes, *, name: str) -> MediaType:
    """Say what the bytes are; `name` (a path or URL) only serves the message.

    Raises `Rejected`: `empty`, `not_a_pdf` (named .pdf but something else) or `unsupported_type`.
    """
    if not data:
        raise Rejected(f"{name} is empty (0 bytes).", code="empty", next_step="Send the file again.")
    media_type = MediaType.DOCX if _is_word(data) else recognise(data[:HEAD_BYTES])
    if media_type is MediaType.PDF:
        return media_type
    if _extension(name) == ".pdf":
        raise _not_a_pdf(data, name, media_type)
    if media_type is None:
        raise _unsupported(data, name)
    return media_type


def recognise(head: bytes) -> MediaType | None:
    """Say what a file that begins like this is; None where it cannot be read."""
    if _is_markup(head):
        return MediaType.HTML
    if b"%PDF-" in head[: _PDF_HEADER_BYTES + 4] and not _is_archive(head):
        return MediaType.PDF
    return None


def _is_word(data: bytes) -> bool:
    """Whether it is the package of a Word document, by the names of parts at its beginning and its end."""
    if not data.startswith(_ZIP):
        return False
    ends = _ends(data)
    return b"[Content_Types].xml" in ends and b"word/document" in ends


def _ends(data: bytes) -> bytes:
    """Where a ZIP names what is in it."""
    return data[:HEAD_BYTES] + data[-HEAD_BYTES:]


def _is_archive(head: bytes) -> bool:
    """Whether it is a container that may hold a PDF as it is: what is in it is not what was sent."""
    return head.startswith((_ZIP, *(magic for magic, _, step in _OTHERS if step is _UNPACK)))


def _is_markup(head: bytes) -> bool:
    text = _as_ascii_superset(head).lstrip()
    return text.startswith(b"<") and _MARKUP.search(text) is not None


def _as_ascii_superset(head: bytes) -> bytes:
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return head[len(bom) :].decode(encoding, "ignore").encode()
    return head


def _extension(name: str) -> str:
    return PurePosixPath(urlsplit(name).path if "://" in name else name).suffix.lower()


def describe(data: bytes) -> tuple[str, str]:
    """Say what unsupported bytes look like, and what to do about it."""
    if data.startswith(_ZIP):
        ends = _ends(data)
        return next(
            ((what, step) for mark, what, step in _IN_ZIP if mark in ends), ("a ZIP archive", _UNPACK)
        )
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "a WebP picture", _SCAN
    if data[4:8] == b"ftyp":
        return "a video or a HEIC picture", _SCAN
    for magic, what, step in _OTHERS:
        if data.startswith(magic):
            return what, step
    return _describe_text(data[:HEAD_BYTES]), _AS_PDF


def _describe_text(head: bytes) -> str:
    text = _as_ascii_superset(head).lstrip()
    if text.startswith(b"<"):
        return "an XML file that is not a web page"
    if text[:1] in (b"{", b"["):
        return "a JSON file"
    printable = sum(byte >= 32 or byte in b"\t\n\r\f" for byte in text)
    return "plain text" if printable == len(text) and text else "unknown binary data"


def _not_a_pdf(data: bytes, name: str, media_type: MediaType | None) -> Rejected:
    if media_type is MediaType.HTML:
        what, step = (
            "a web page",
            "Often it is a saved log-in or error page; if it is the report, rename it to .html.",
        )
    elif media_type is MediaType.DOCX:
        what, step = "a Word document", "If it is the report, rename it to .docx."
    else:
        what, step = describe(data)
    return Rejected(f"{name} is named .pdf but is {what}.", code="not_a_pdf", next_step=step)


def _unsupported(data: bytes, name: str) -> Rejected:
    what, step = describe(data)
    return Rejected(
        f"{name} looks like {what}; only PDF, HTML and DOCX can be read.",
        code="unsupported_type",
        next_step=step,
    )
