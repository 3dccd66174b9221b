"""Hits → passages: the sentences and table rows of what was retrieved."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from esg.chunk import sentences
from esg.domain import Block, BlockKind, Hit, Page, Span, Table
from esg.rubric import Sieve, Texts, fold
from esg.score.base import Passage
from esg.score.corpus import Corpus, Retrieved
from esg.score.quotable import is_quotable

Ignore = tuple[Sieve, ...]

_LINE = re.compile(r"\S[^\n]*\S|\S")


class Passages:
    """Cuts chunks into passages, each chunk once, however many criteria it is retrieved for."""

    def __init__(
        self,
        pages: Sequence[Page],
        hits: Iterable[Hit],
        patterns: Iterable[Sieve],
        languages: Mapping[int, str] | None = None,
    ) -> None:
        """`hits` hold all that may be asked of, and `patterns` all that may be looked for.

        `languages` says whose cues judge a page, where they are not the rubric's own.
        """
        self.pages = {page.number: page for page in pages}
        self._languages = languages or {}
        self._folded = cache(fold)  # headings and headers: one for many sentences and rows
        self._headers: dict[tuple[int, int], str] = {}
        self._own: dict[str, Texts] = {}  # the passages of a chunk, by its id
        self._corpus = Corpus(list(self._cut(hits)), patterns)

    def of(self, hits: Sequence[Hit], *, ignore: Ignore = ()) -> Retrieved:
        """List what can be quoted of the hits, best hit first, each passage with the hit that brought it.

        What `ignore` finds in a passage or its context is left out: indexes, the assurer's own words.
        """
        ignored = self._corpus.ignored(ignore)
        return Retrieved(self._corpus, ((hit, self._own[hit.chunk.id] & ~ignored) for hit in hits))

    def _cut(self, hits: Iterable[Hit]) -> Iterator[Passage]:
        """Cut every chunk, and remember which passages are its own by their numbers."""
        count = 0
        for hit in {hit.chunk.id: hit for hit in hits}.values():
            passages = [*filter(is_quotable, self._passages(hit))]
            self._own[hit.chunk.id] = ((1 << len(passages)) - 1) << count
            count += len(passages)
            yield from passages

    def _passages(self, hit: Hit) -> Iterator[Passage]:
        for span in hit.chunk.spans:
            page = self.pages[span.page]
            for block in page.blocks:
                start, end = max(span.start, block.start), min(span.end, block.end)
                if start < end and not block.kind.is_running:
                    yield from self._of_block(hit, page, block, start, end)

    def _of_block(self, hit: Hit, page: Page, block: Block, start: int, end: int) -> Iterator[Passage]:
        is_row = block.kind == BlockKind.TABLE
        language = self._languages.get(page.number, "")
        places = _rows(page.text, start, end) if is_row else sentences(page.text, start, end)
        for first, last in places:
            context = self._context(hit, page, first) if is_row else self._folded(_title(hit.chunk.section))
            span, text = Span(page.number, first, last), fold(page.text[first:last])
            yield Passage(span, text, context, is_row, hit, language)

    def _context(self, hit: Hit, page: Page, position: int) -> str:
        return self._folded(f"{hit.chunk.section} | {self._headers_at(page, position)}")

    def _headers_at(self, page: Page, position: int) -> str:
        """The caption and the column headers of the table at a position of the page's text."""
        table = next((t for t in page.tables if t.start <= position < t.end), None)
        if table is None:
            return ""
        key = (page.number, table.start)
        if key not in self._headers:
            self._headers[key] = f"{table.caption} | {_paths(table)}"
        return self._headers[key]


def _title(section: str) -> str:
    """The heading right above; those further up say too little about a sentence."""
    return section.rsplit(" > ", 1)[-1]


def _rows(text: str, start: int, end: int) -> list[tuple[int, int]]:
    return [match.span() for match in _LINE.finditer(text, start, end)]


def _paths(table: Table) -> str:
    return " ".join(dict.fromkeys(header for row in table.rows for cell in row for header in cell.header))
