"""What comes out of a document, and what getting it out may cost."""

from dataclasses import dataclass

from esg.domain import Fact, Identity, Page

VERSION = "6"  # of everything that decides what pages hold; a change re-extracts every document


@dataclass(frozen=True, slots=True)
class ParseLimits:
    max_pages: int = 2000
    timeout_seconds: float = 600.0
    memory_bytes: int = 4 * 1024**3  # of address space
    processes: int = 1  # that read the pages of one PDF side by side; each has the limits above
    ocr_pages: int = 40  # pictures of pages that are looked at; the others stay unread


@dataclass(frozen=True, slots=True)
class Extraction:
    pages: tuple[Page, ...]
    identity: Identity  # always guessed
    title: str
    language: str  # that of most of the text, ISO 639-1, "" where unknown
    made_on: str = ""  # ISO date that the file gives for its making, "" where it gives none
    facts: tuple[Fact, ...] = ()  # of inline XBRL, by their pages and the hidden ones first
