"""How much of a document could be read, and in which languages → whether a theme can be scored at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from esg.domain import Legibility, Page, Status
from esg.rubric import Rubric

MOSTLY = 0.5  # of the pages, or of the text
_TELLING = 400  # characters; a page with less may have no language (figures, a cover)
_FEW_LETTERS = 40  # below this a page with a text layer says nothing either way (a divider, a photo)


@dataclass(frozen=True, slots=True)
class Readability:
    """Shares of pages are 0..1; `by_ocr` counts the decoded ones too.

    `reason` says why nothing can be scored, "" where it can.
    """

    read_pages: int
    unread: float
    foreign: float
    status: Status
    reason: str
    by_ocr: float = 0.0
    decoded: float = 0.0


class Sheet(NamedTuple):
    """What matters here of a page: `letters` counts the characters of its text."""

    legibility: Legibility
    language: str
    letters: int


def sheets(pages: Sequence[Page]) -> tuple[Sheet, ...]:
    return tuple(Sheet(page.legibility, page.language, len(page.text)) for page in pages)


def letters(pages: Sequence[Sheet]) -> int:
    """Count the letters that could be read."""
    return sum(page.letters for page in pages if page.legibility.is_read)


def readability(pages: Sequence[Sheet], rubric: Rubric) -> Readability:
    read = [p for p in pages if p.legibility.is_read]
    unread = 1 - len(read) / len(pages) if pages else 1.0
    foreign = _foreign(read, rubric.languages)
    status, reason = _judgement(pages, read, unread, foreign, rubric)
    by_ocr = _share(pages, sum(p.legibility.by_ocr for p in pages))
    decoded = _share(pages, sum(p.legibility is Legibility.DECODED for p in pages))
    return Readability(len(read), unread, foreign, status, reason, by_ocr, decoded)


def _share(pages: Sequence[Sheet], count: int) -> float:
    return count / len(pages) if pages else 0.0


def _foreign(read: Sequence[Sheet], languages: Sequence[str]) -> float:
    """The share of text in no language that the rubric has cues for; short pages of none do not count."""
    telling = [p for p in read if p.language or p.letters >= _TELLING]
    total = sum(p.letters for p in telling)
    covered = sum(p.letters for p in telling if p.language in languages)
    return 1 - covered / total if total else 0.0


def _judgement(
    pages: Sequence[Sheet], read: Sequence[Sheet], unread: float, foreign: float, rubric: Rubric
) -> tuple[Status, str]:
    if unread <= MOSTLY and not any(p.letters >= _FEW_LETTERS for p in read):
        return Status.INSUFFICIENT_EVIDENCE, "The document has hardly any text, so the theme was not judged."
    if unread > MOSTLY:
        return Status.UNREADABLE, (
            f"{len(pages) - len(read)} of {len(pages)} pages have no readable text layer, "
            "so nothing can be said about this theme."
        )
    if foreign > MOSTLY and sum(p.letters for p in read if not p.language) > foreign * letters(read) / 2:
        return Status.UNREADABLE, (
            f"{foreign:.0%} of the text is in no language that could be recognised: its text layer may not "
            "hold the printed letters. Nothing can be said about this theme."
        )
    if foreign > MOSTLY:
        spoken = sorted({p.language for p in read if p.language} - set(rubric.languages))
        return Status.INSUFFICIENT_EVIDENCE, (
            f"{foreign:.0%} of the text is in a language this rubric has no cues for "
            f"({', '.join(spoken)}; it covers {', '.join(rubric.languages)}), so the theme was not judged."
            f"{_begun(rubric, spoken)}"
        )
    return Status.SCORED, ""


def _begun(rubric: Rubric, spoken: Sequence[str]) -> str:
    """Say how far the cues of languages go that do not go far enough."""
    begun = [language for language in rubric.others if language.code in spoken]
    return "".join(
        f" For {language.name} there are cues for {language.coverage:.0%} of the criteria's weight, and "
        f"{rubric.coverage:.0%} are asked for."
        for language in begun
    )
