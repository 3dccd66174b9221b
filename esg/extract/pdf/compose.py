"""Blocks in reading order → a `Page`: its text, and where each word and block stands in it and on paper."""

from collections.abc import Sequence, Set
from itertools import pairwise

import numpy as np

from esg.domain import Block, BlockKind, Box, Cell, Legibility, Page, Table, Word
from esg.extract.pdf.blocks import Paragraph
from esg.extract.pdf.hyphens import join
from esg.extract.pdf.lines import Line, box_of
from esg.extract.pdf.sheet import Sheet
from esg.extract.pdf.tables.grid import Grid, GridCell
from esg.extract.rows import made

NO_BREAK = "\u00a0"  # kept between digits, where it groups them
CAPTION_GAP_EM = 3.5  # from a caption to its table, or to the line below it
LONGEST_CAPTION = 160  # letters of a line that introduces a table without being a heading


class Composer:
    """A page's text while it is written, block by block."""

    def __init__(self, sheet: Sheet, known: Set[str]) -> None:
        self._sheet = sheet
        self._known = known
        self._boxes = sheet.boxes(np.array([token[1:5] for token in sheet.tokens], np.float32).reshape(-1, 4))
        self._parts: list[str] = []
        self._length = 0
        self._words: list[tuple[int, int, Box]] = []
        self._blocks: list[Block] = []  # in boxes of the upright frame
        self._recent: list[Paragraph] = []  # since the last table
        self._tables: list[Table] = []

    def write(self, paragraph: Paragraph) -> None:
        """Write the lines of a block, joined by blanks, words taken apart at line ends made whole."""
        self._part()
        start = self._length
        self._write_lines(paragraph.lines)
        self._recent.append(paragraph)
        self._blocks.append(
            Block(paragraph.kind, start, self._length, Box(*box_of(paragraph.lines)), paragraph.level)
        )

    def _part(self) -> None:
        if self._parts:
            self._put("\n")

    def _write_lines(self, lines: Sequence[Line]) -> None:
        for line, texts, glue in self._joined(lines):
            self._write_words(line.words, texts)
            self._put(glue)

    def _joined(self, lines: Sequence[Line]) -> list[tuple[Line, list[str], str]]:
        """Give the words of each line, the last one as it reads when joined, and what follows it."""
        texts = [[self._sheet.tokens[i].text for i in line.words] for line in lines]
        glue = []
        for before, after in pairwise(texts):
            before[-1], between = join(before[-1], after[0], self._known)
            glue.append(between)
        return list(zip(lines, texts, [*glue, ""], strict=True))

    def write_table(self, grid: Grid) -> None:
        """Write a table: one line per row, cells parted by a tab."""
        caption = self._caption(grid)
        self._recent = []
        self._part()
        start = self._length
        rows = []
        names: dict[int, str] = {}
        for number, cells in enumerate(grid.rows):
            if number:
                self._put("\n")
            rows.append(self._write_row(number, cells, names))
        self._blocks.append(Block(BlockKind.TABLE, start, self._length, Box(*box_of(grid.lines))))
        self._tables.append(Table(start, self._length, caption, tuple(rows)))

    def _write_row(self, number: int, cells: Sequence[GridCell], names: dict[int, str]) -> tuple[Cell, ...]:
        """Write a row; `names` keeps what header cells say, by their first words."""
        row = []
        for place, cell in enumerate(cells):
            if place:
                self._put("\t")
            start = self._length
            self._write_lines(cell.lines)
            header = tuple(self._name(head, names) for head in cell.header)
            row.append(Cell(number, cell.column, start, self._length, header))
        return tuple(row)

    def _name(self, head: GridCell, names: dict[int, str]) -> str:
        first = head.lines[0].words[0]
        if first not in names:
            names[first] = self._text(head.lines)
        return names[first]

    def _caption(self, grid: Grid) -> str:
        """Read the caption of a table from what was written right above it: headings, or a line of words."""
        found: list[str] = []
        below = box_of(grid.lines)
        for block in reversed(self._recent[-2:]):
            box = box_of(block.lines)
            text = self._text(block.lines)
            titles = block.kind in (BlockKind.HEADING, BlockKind.CAPTION)
            near = -1.0 < below[1] - box[3] < CAPTION_GAP_EM * block.lines[0].size
            beside = box[0] < below[2] and below[0] < box[2]
            if not (near and beside) or (not titles and (found or len(text) > LONGEST_CAPTION)):
                break
            found.append(text)
            below = box
        return " – ".join(reversed(found))

    def _text(self, lines: Sequence[Line]) -> str:
        tokens = self._sheet.tokens
        parts = []
        for line, words, glue in self._joined(lines):
            for place, (index, word) in enumerate(zip(line.words, words, strict=True)):
                parts.append(word if not place or tokens[index].glued else f" {word}")
            parts.append(glue)
        return "".join(parts)

    def _write_words(self, words: Sequence[int], texts: Sequence[str]) -> None:
        parts, boxes, tokens, end = self._parts, self._boxes, self._sheet.tokens, self._length
        for place, (index, text) in enumerate(zip(words, texts, strict=True)):
            if place and not tokens[index].glued:
                parts.append(NO_BREAK if tokens[index].bound and text[:1].isdigit() else " ")
                end += 1
            start, end = end, end + len(text)
            parts.append(text)
            self._words.append((start, end, boxes[index]))
        self._length = end

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def page(self, *, document_id: str, label: str, legibility: Legibility) -> Page:
        """Give the page as written."""
        size = self._sheet.size
        areas = self._sheet.boxes(np.array([block.box for block in self._blocks], np.float32).reshape(-1, 4))
        return Page(
            document_id=document_id,
            number=self._sheet.number,
            label=label,
            width=size[0],
            height=size[1],
            text="".join(self._parts),
            words=tuple(made(Word, self._words)),
            blocks=tuple(block._replace(box=box) for block, box in zip(self._blocks, areas, strict=True)),
            tables=tuple(self._tables),
            language="",
            legibility=legibility,
            hidden=self._sheet.hidden,
        )
