"""A page in another language → the same page in the words that the readers know, and the way back.

Only what the glossary and the numerals of the language know is put into English, and nothing is told of the
translation: quotes, figures and units are those of the page.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TypeVar

from esg.domain import Block, Cell, Document, Page, Span, Table, Word
from esg.kpi.figure import Figure
from esg.kpi.glossary import glossary
from esg.kpi.quote import quote_span
from esg.kpi.rewrite import Rewritten
from esg.kpi.terms import in_english, plain

P = TypeVar("P", Word, Block, Cell)


@dataclass(frozen=True, slots=True)
class Translation:
    """`page` is the original in English words, `said` what its terms stand for."""

    page: Page
    original: Page
    rewritten: Rewritten
    said: tuple[str, ...]

    def figure(self, figure: Figure) -> Figure:
        """A figure of the translation, as the original prints it."""
        value = self._printed(figure.raw_value, figure.quote)
        quote = self.quote(figure.quote, value)
        return replace(
            figure,
            quote=quote,
            raw_value=_as_wide(value, self.original.text[quote.start : quote.end]),
            raw_unit=self._printed(figure.raw_unit, figure.quote),
            period=figure.period._replace(text=self._printed(figure.period.text, figure.quote)),
        )

    def quote(self, span: Span, around: str = "") -> Span:
        """The original of a quote, cut around some words of it where it is longer than its translation."""
        start, end = self.rewritten.back(span.start, span.end)
        said = self.original.text[start:end]
        at = max(0, said.find(around))
        return quote_span(Span(span.page, start, end), said, at, at + len(around))

    def _printed(self, text: str, near: Span) -> str:
        """Some words of the translation as the page has them, near a place rather than elsewhere."""
        words: dict[str, str] = {}
        pairs = zip(self.rewritten.places, self.said, strict=True)
        for place, said in sorted(pairs, key=lambda pair: not near.start <= pair[0].start < near.end):
            if place.text.lower() in text.lower():
                words.setdefault(place.text.lower(), said.strip())
        if not words:
            return text
        longest_first = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
        said = re.sub(rf"(?i)(?<!\w)(?:{longest_first})(?!\w)", lambda m: words[m[0].lower()], text)
        run_on = "".join(said.split())  # where the page has no blank between the words
        return run_on if said not in self.original.text and run_on in self.original.text else said


Translations = Mapping[int, Translation]  # by the number of the page


def translations(document: Document, pages: Sequence[Page]) -> Translations:
    """Translate the legible pages in another language; one of unknown language is in the document's."""
    company = document.identity.company
    found = (
        translate(page, language=page.language or document.language, company=company)
        for page in pages
        if page.legibility.is_read
    )
    return {each.page.number: each for each in found if each}


def translate(page: Page, *, language: str, company: str) -> Translation | None:
    """Put a page into English words; None where its language has no glossary, as English has none."""
    words = glossary(language)
    if words is None:
        return None
    rewritten, said = in_english(page.text, words, company)

    @cache
    def english(text: str) -> str:
        return in_english(text, words, company)[0].text

    translated = replace(
        page,
        text=rewritten.text,
        words=tuple(_at(rewritten, word) for word in page.words),
        blocks=tuple(_at(rewritten, block) for block in page.blocks),
        tables=tuple(_table(table, rewritten, english) for table in page.tables),
        language=language,
    )
    return Translation(translated, page, rewritten, said)


def _as_wide(value: str, quote: str) -> str:
    """A figure with digits as wide as the quote has them."""
    at = plain(quote).find(value)
    return value if value in quote or at < 0 else quote[at : at + len(value)]


def _table(table: Table, rewritten: Rewritten, english: Callable[[str], str]) -> Table:
    start, end = rewritten.here(table.start, table.end)
    rows = tuple(tuple(_cell(cell, rewritten, english) for cell in row) for row in table.rows)
    return Table(start, end, english(table.caption), rows)


def _cell(cell: Cell, rewritten: Rewritten, english: Callable[[str], str]) -> Cell:
    return _at(rewritten, cell)._replace(header=tuple(map(english, cell.header)))


def _at(rewritten: Rewritten, part: P) -> P:
    """A part of the page where it is in the new text."""
    start, end = rewritten.here(part.start, part.end)
    return part._replace(start=start, end=end)
