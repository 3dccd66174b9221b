"""What a report states → its facts: the label format of GUIDE, page labels, tables and reading order."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import pypdfium2
from blocks import Grid
from book import Book
from pages import Page
from prose import plain

HYPHENS = dict.fromkeys(map(ord, "-\u00ad\u0002\ufffe\u2010\u2011"))
OPENING = 6  # words of a paragraph that tell where it begins


class Misplaced(Exception):
    """A quote is not on exactly one page, or not on the page it is said to be on."""


def squeeze(text: str) -> str:
    """The text without what typesetting adds: blanks, hyphens, ligatures."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).translate(HYPHENS))


def page_texts(pdf: bytes) -> list[str]:
    """The text of every page as pypdfium2 reads it."""
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_bounded() for page in document]


def facts(book: Book, pdf: bytes) -> dict[str, Any]:
    """Everything a test may want to know about the report; every quote is found in the PDF first."""
    about, numbered = book.about, list(enumerate(book.pages, start=1))
    finder = _Finder([squeeze(text) for text in page_texts(pdf)], [page.key for page in book.pages])
    return {
        "file": f"{about['stem']}.pdf",
        **{key: about[key] for key in ("company", "year", "language")},
        "pages": len(book.pages),
        "levels": {theme: _level(level, finder) for theme, level in about["levels"].items()},
        "kpis": [finder.placed(kpi) for kpi in about.get("kpis", ())],
        "claims": [finder.placed(claim) for claim in about.get("claims", ())],
        "labels": list(book.labels),
        "tables": [{"page": n, **grid.truth()} for n, page in numbered for grid in _grids(page)],
        "two_column_pages": [
            {"page": n, "shuffled": page.shuffled, "paragraphs": _openings(page)}
            for n, page in numbered
            if _is_in_columns(page)
        ],
    }


class _Finder:
    """Finds the page of a quote."""

    def __init__(self, texts: Sequence[str], keys: Sequence[str]) -> None:
        self.texts, self.keys = texts, keys

    def page(self, quote: str, at: str = "") -> int:
        """The number of the page that holds the quote; `at` is its key where several do."""
        found = [n for n, text in enumerate(self.texts, start=1) if squeeze(quote) in text]
        if at:
            found = [number for number in found if self.keys[number - 1] == at]
        if len(found) != 1:
            raise Misplaced(f"{quote!r} is on pages {found or 'none'}")
        return found[0]

    def placed(self, statement: Mapping[str, Any]) -> dict[str, Any]:
        """The statement with the page of its quote."""
        stated = {key: value for key, value in statement.items() if key not in ("quote", "at")}
        page = self.page(statement["quote"], statement.get("at", ""))
        return {**stated, "page": page, "quote": statement["quote"]}


def _level(level: Mapping[str, Any], finder: _Finder) -> dict[str, Any]:
    evidence = [{"page": finder.page(quote), "quote": quote} for quote in level["quotes"]]
    return {
        **{key: level[key] for key in ("level", "low", "high")},
        "evidence": evidence,
        "why": level["why"],
    }


def _grids(page: Page) -> list[Grid]:
    items = [item for band in page.bands for item in band.items]
    return [item for item in items if isinstance(item, Grid) and item.name]


def _is_in_columns(page: Page) -> bool:
    return any(band.columns > 1 for band in page.bands)


def _openings(page: Page) -> list[str]:
    """The first words of each heading, paragraph and bullet, in reading order."""
    prose = [item for band in page.bands for item in band.items if isinstance(item, str)]
    pieces = [piece for text in prose for piece in re.split(r"\n\s*\n|\n\s*(?=- )", text.strip())]
    return [" ".join(plain(re.sub(r"^\s*(#+|!|-) ", "", piece)).split()[:OPENING]) for piece in pieces]
