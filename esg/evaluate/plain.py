"""document → each page's plain text by another way than ours: PDFium's bare text call, or tags taken off.

`read_pdf`, `read_html` and `read_docx` run inside the extraction's sandbox and share no code with it.
"""

import io
import json
import re
import unicodedata
import zipfile
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pypdfium2

from esg.domain import Fetched, MediaType
from esg.extract import ParseLimits, sandbox

_HYPHENS = re.compile("[-\u00ad\u2010-\u2015\u2212\ufffe\u0002]")
_WORD = re.compile(r"\w+")
_IN_WORD, _TAG = re.compile(r"word/[^/]+\.xml"), re.compile(r"<[^>]*>")


def pages(fetched: Fetched, *, limits: ParseLimits) -> list[str]:
    """Read the text of each page; a web page or a Word document has no pages of its own and is one.

    Raises `Rejected` as `extract` does.
    """
    read = {MediaType.HTML: "read_html", MediaType.DOCX: "read_docx"}.get(fetched.media_type, "read_pdf")
    text = sandbox.run(f"{__name__}:{read}", fetched.data, {}, limits=limits, modules=[__name__])
    found: list[str] = json.loads(text)
    return found


def read_pdf(data: bytes) -> bytes:
    """Inside the sandbox: PDFium's text of every page, as a JSON list."""
    with pypdfium2.PdfDocument(data) as document:
        return json.dumps([_page_text(document[n]) for n in range(len(document))]).encode()


def _page_text(page: Any) -> str:
    text: str = page.get_textpage().get_text_range()
    return text


def read_html(data: bytes) -> bytes:
    """Inside the sandbox: all text between the tags, as a JSON list of one."""
    taker = _TextTaker()
    taker.feed(data.decode("utf-8", "replace"))
    return json.dumps([" ".join(taker.texts)]).encode()


def read_docx(data: bytes) -> bytes:
    """Inside the sandbox: all text between the tags of its parts, as a JSON list of one."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = [package.read(name).decode() for name in package.namelist() if _IN_WORD.fullmatch(name)]
    return json.dumps([unescape(_TAG.sub("", "\n".join(parts)))]).encode()


class _TextTaker(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def runs_on(quote: str, text: str) -> bool:
    """Say whether the quote stands in the text in one run, but for blanks, hyphens, ligatures and case."""
    return _squeeze(quote) in _squeeze(text)


def has_words(quote: str, text: str) -> bool:
    """Say whether each word of the quote stands in the text, in whatever order the text was read."""
    squeezed = _squeeze(text)
    return all(_squeeze(word) in squeezed for word in _WORD.findall(unicodedata.normalize("NFKC", quote)))


def _squeeze(text: str) -> str:
    plain = unicodedata.normalize("NFKC", _HYPHENS.sub("", text))
    return "".join(_HYPHENS.sub("", plain).split()).casefold()
