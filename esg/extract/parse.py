"""Inside the sandbox: bytes → encoded extraction."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from esg.domain import Legibility, MediaType, Page
from esg.errors import Rejected
from esg.extract.base import Extraction
from esg.extract.codec import encode
from esg.extract.identity import About, identify
from esg.extract.language import detect


def parse(data: bytes, *, media_type: str, document_id: str, max_pages: int, name: str) -> bytes:
    """Read a document; raises `Rejected` where that cannot be done."""
    pages, about = _read(data, MediaType(media_type), document_id, max_pages)
    if not pages:
        raise Rejected("It has no pages.", code="no_pages", next_step="Send another version of the file.")
    pages = tuple(replace(page, language=_language(page)) for page in pages)
    about = replace(about, name=name)
    return encode(Extraction(pages, identify(pages, about), about.title, main_language(pages)))


def _read(
    data: bytes, media_type: MediaType, document_id: str, max_pages: int
) -> tuple[tuple[Page, ...], About]:
    """Load only the parser that is needed."""
    if media_type is MediaType.HTML:
        from esg.extract.html import read_html

        return read_html(data, document_id=document_id, max_pages=max_pages)
    from esg.extract.pdf import read_metadata, read_pdf

    metadata = read_metadata(data)
    about = About(title=metadata.get("Title", ""), author=metadata.get("Author", ""))
    return read_pdf(data, document_id=document_id, max_pages=max_pages), about


def _language(page: Page) -> str:
    """Letters that are not the printed ones are in no language."""
    return "" if page.legibility is Legibility.GARBLED else detect(page.text)


def main_language(pages: Sequence[Page]) -> str:
    """The language most of the text is in, by characters."""
    letters: Counter[str] = Counter()
    for page in pages:
        letters[page.language] += len(page.text)
    del letters[""]
    return max(letters, key=lambda language: (letters[language], language), default="")
