"""Hits → passages: the sentences and table rows of what was retrieved."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from esg.chunk import sentences
from esg.domain import Block, BlockKind, Hit, Page, Span, Table
from esg.rubric import fold
from esg.score.base import Passage

Ignore = tuple[re.Pattern[str], ...]

_LINE = re.compile(r"\S[^\n]*\S|\S")
_RUNNING = (BlockKind.HEADER, BlockKind.FOOTER)


class Passages:
    """Cuts each chunk once, however many criteria it is retrieved for."""

    def __init__(self, pages: Sequence[Page], languages: Mapping[int, str] | None = None) -> None:
        """`languages` says whose cues judge a page, where they are not the rubric's own."""
        self.pages = {page.number: page for page in pages}
        self._languages = languages or {}
        self._cut: dict[str, tuple[Passage, ...]] = {}
        self._kept: dict[tuple[str, Ignore], tuple[Passage, ...]] = {}

    def of(self, hits: Sequence[Hit], *, ignore: Ignore = ()) -> list[Passage]:
        """List the passages of the hits, best hit first, each with the hit that brought it.

        What `ignore` finds in a passage or its context is left out: indexes, the assurer's own words.
        """
        return [replace(passage, hit=hit) for hit in hits for passage in self._of_chunk(hit, ignore)]

    def _of_chunk(self, hit: Hit, ignore: Ignore) -> tuple[Passage, ...]:
        key = (hit.chunk.id, ignore)
        if key not in self._kept:
            self._kept[key] = tuple(p for p in self._all(hit) if not _is_ignored(p, ignore))
        return self._kept[key]

    def _all(self, hit: Hit) -> tuple[Passage, ...]:
        if hit.chunk.id not in self._cut:
            self._cut[hit.chunk.id] = tuple(_passages(hit, self.pages, self._languages))
        return self._cut[hit.chunk.id]


def _is_ignored(passage: Passage, ignore: Ignore) -> bool:
    text = f"{passage.context} | {passage.text}"
    return any(pattern.search(text) for pattern in ignore)


def _passages(hit: Hit, pages: Mapping[int, Page], languages: Mapping[int, str]) -> Iterator[Passage]:
    for span in hit.chunk.spans:
        page = pages[span.page]
        for block in page.blocks:
            start, end = max(span.start, block.start), min(span.end, block.end)
            if start < end and block.kind not in _RUNNING:
                yield from _of_block(hit, page, block, start, end, languages.get(page.number, ""))


def _of_block(hit: Hit, page: Page, block: Block, start: int, end: int, language: str) -> Iterator[Passage]:
    is_row = block.kind == BlockKind.TABLE
    places = _rows(page.text, start, end) if is_row else sentences(page.text, start, end)
    for first, last in places:
        context = _context(hit, page, first) if is_row else _title(hit.chunk.section)
        text = fold(page.text[first:last])
        yield Passage(Span(page.number, first, last), text, fold(context), is_row, hit, language)


def _context(hit: Hit, page: Page, position: int) -> str:
    return f"{hit.chunk.section} | {_headers(page, position)}"


def _title(section: str) -> str:
    """The heading right above; those further up say too little about a sentence."""
    return section.rsplit(" > ", 1)[-1]


def _rows(text: str, start: int, end: int) -> list[tuple[int, int]]:
    return [match.span() for match in _LINE.finditer(text, start, end)]


def _headers(page: Page, position: int) -> str:
    """The caption and the column headers of the table at a position of the page's text."""
    table = next((t for t in page.tables if t.start <= position < t.end), None)
    return f"{table.caption} | {_paths(table)}" if table else ""


def _paths(table: Table) -> str:
    return " ".join(dict.fromkeys(header for row in table.rows for cell in row for header in cell.header))
