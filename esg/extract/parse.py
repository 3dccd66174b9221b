"""Inside the sandbox: bytes → encoded extraction."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from esg.domain import Fact, Legibility, MediaType, Page
from esg.errors import Rejected
from esg.extract.base import Extraction
from esg.extract.codec import encode, from_stream, to_columns, to_stream
from esg.extract.identity import About, Glance, glances, guess_title, identify, legible, read_front
from esg.extract.language import detect
from esg.extract.sandbox.team import ALONE, Team


def parse(
    data: bytes,
    *,
    media_type: str,
    document_id: str,
    max_pages: int,
    ocr_pages: int,
    name: str,
    charset: str,
    team: Team = ALONE,
) -> bytes:
    """Read a document; raises `Rejected` where that cannot be done.

    Who is in a team and does not lead it gives the pages of its share, for the leader to add.
    """
    match MediaType(media_type):
        case MediaType.HTML:
            pages, facts, about = _read_html(data, document_id, max_pages, charset)
        case MediaType.DOCX:
            pages, facts, about = _read_docx(data, document_id, max_pages)
        case _:
            pages, facts, about = _read_pdf(data, document_id, max_pages, ocr_pages, team)
    pages = tuple(replace(page, language=_language(page)) for page in pages)
    columns = [to_columns(pages)] if team.leads else []  # the others' can wait
    told = _agree(pages, team)
    if not team.leads:
        return to_stream(to_columns(pages))
    if not told.pages:
        raise Rejected("It has no pages.", code="no_pages", next_step="Send another version of the file.")
    front = read_front(told.glances, replace(about, name=name))
    identity, title = identify(front, about), guess_title(front)
    columns += map(from_stream, team.results())
    read = Extraction(pages, identity, title, told.language, made_on=about.made_on, facts=facts)
    return encode(read, columns)


class _Told(NamedTuple):
    """What all members know of the whole document."""

    pages: int
    glances: list[Glance]  # at its legible pages
    language: str  # that of most of the text


def _agree(pages: Sequence[Page], team: Team) -> _Told:
    clear = legible(pages)
    counts = team.gather(len(clear))
    mine = glances(clear, before=sum(counts[: team.number]), of=sum(counts))
    letters: Counter[str] = Counter()
    seen, count = list[Glance](), 0
    for some, of_members, in_languages in team.gather([mine, len(pages), _letters(pages)]):
        seen += (Glance(*one) for one in some)
        count += of_members
        letters.update(in_languages)
    return _Told(count, seen, _main_language(letters))


# Each loads only the parser that is needed.


Read = tuple[tuple[Page, ...], tuple[Fact, ...], About]


def _read_html(data: bytes, document_id: str, max_pages: int, charset: str) -> Read:
    from esg.extract.html import read_html

    return read_html(data, document_id=document_id, max_pages=max_pages, charset=charset)


def _read_docx(data: bytes, document_id: str, max_pages: int) -> Read:
    from esg.extract.docx import read_docx

    pages, about = read_docx(data, document_id=document_id, max_pages=max_pages)
    return pages, (), about


def _read_pdf(data: bytes, document_id: str, max_pages: int, ocr_pages: int, team: Team) -> Read:
    from esg.extract.pdf import read_metadata, read_pdf

    metadata = read_metadata(data)
    created = metadata.get("CreationDate", "")
    about = About(
        title=metadata.get("Title", ""),
        author=metadata.get("Author", ""),
        created=_year(created),
        made_on=_day(created),
    )
    pages = read_pdf(data, document_id=document_id, max_pages=max_pages, ocr_pages=ocr_pages, team=team)
    return pages, (), about


def _year(date: str) -> int | None:
    """The year of a PDF date, "D:20240226101500+11'00'" (ISO 32000-1, 7.9.4)."""
    digits = date.removeprefix("D:")[:4]
    return int(digits) if digits.isdecimal() and len(digits) == 4 else None


def _day(date: str) -> str:
    """The day of a PDF date as ISO 8601, "" where it gives no day there is."""
    try:
        return datetime.strptime(date.removeprefix("D:")[:8], "%Y%m%d").date().isoformat()
    except ValueError:
        return ""


def _language(page: Page) -> str:
    """Letters that are not the printed ones are in no language."""
    return "" if page.legibility is Legibility.GARBLED else detect(page.text)


def _letters(pages: Sequence[Page]) -> Counter[str]:
    """How much of the text is in each language, in characters."""
    letters: Counter[str] = Counter()
    for page in pages:
        letters[page.language] += len(page.text)
    return letters


def _main_language(letters: Counter[str]) -> str:
    """The language that most characters are in, "" where none is known."""
    known = {language: count for language, count in letters.items() if language}
    return max(known, key=lambda language: (known[language], language), default="")
