"""Blocks in reading order → a `Page`: its text, and where each word and block stands in it and on paper."""

from collections.abc import Sequence, Set
from itertools import pairwise

from esg.domain import Block, Box, Legibility, Page, Word
from esg.extract.blocks import Paragraph
from esg.extract.hyphens import join
from esg.extract.lines import Line
from esg.extract.sheet import Sheet


class Composer:
    """A page's text while it is written, block by block."""

    def __init__(self, sheet: Sheet, known: Set[str]) -> None:
        self._sheet = sheet
        self._known = known
        self._parts: list[str] = []
        self._length = 0
        self._words: list[Word] = []
        self._blocks: list[Block] = []

    def write(self, paragraph: Paragraph) -> None:
        """Write the lines of a block, joined by blanks, words taken apart at line ends made whole."""
        if self._parts:
            self._put("\n")
        start = self._length
        texts = [[self._sheet.tokens[i].text for i in line.words] for line in paragraph.lines]
        glue = []
        for before, after in pairwise(texts):
            before[-1], between = join(before[-1], after[0], self._known)
            glue.append(between)
        for line, text, between in zip(paragraph.lines, texts, [*glue, ""], strict=True):
            self._write_words(line.words, text)
            self._put(between)
        self._blocks.append(
            Block(paragraph.kind, start, self._length, self._box(paragraph.lines), paragraph.level)
        )

    def _write_words(self, words: Sequence[int], texts: Sequence[str]) -> None:
        for place, (index, text) in enumerate(zip(words, texts, strict=True)):
            if place:
                self._put(" ")
            token = self._sheet.tokens[index]
            start = self._length
            self._put(text)
            self._words.append(
                Word(start, self._length, self._sheet.box(token.x0, token.y0, token.x1, token.y1))
            )

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def _box(self, lines: Sequence[Line]) -> Box:
        return self._sheet.box(
            min(line.x0 for line in lines),
            min(line.y0 for line in lines),
            max(line.x1 for line in lines),
            max(line.y1 for line in lines),
        )

    def page(self, *, document_id: str, label: str, legibility: Legibility) -> Page:
        """Give the page as written."""
        size = self._sheet.size
        return Page(
            document_id=document_id,
            number=self._sheet.number,
            label=label,
            width=size[0],
            height=size[1],
            text="".join(self._parts),
            words=tuple(self._words),
            blocks=tuple(self._blocks),
            tables=(),
            language="",
            legibility=legibility,
        )
