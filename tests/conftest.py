"""What tests of every kind build documents from, and whom their servers' certificates are from."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from esg.chunk import chunk
from esg.domain import (
    Block,
    BlockKind,
    Box,
    Cell,
    Chunk,
    Document,
    Hit,
    Identity,
    Legibility,
    MediaType,
    Page,
    Retrieval,
    Scorecard,
    Table,
    Versions,
    Word,
)
from esg.rubric import Rubric, load
from esg.score import LocalJudge, score
from tests.servers.tls import Authority

DOCUMENT = "d" * 64
_KINDS = {"#": BlockKind.HEADING, "_": BlockKind.FOOTER, "~": BlockKind.CAPTION, "*": BlockKind.FOOTNOTE}
_LINE_POINTS, _LETTER_POINTS, _MARGIN = 12.0, 5.0, 40.0

MakePage = Callable[..., Page]
Judge = Callable[..., Scorecard]


@pytest.fixture
def make_page() -> MakePage:
    """Write a page as plain text: blocks parted by an empty line, `# `heading, `~ `caption, `* `footnote,
    `_ `footer; a block with tabs is a table, its lines that begin with `^` are headers (spanning to the right
    where a header cell is empty)."""
    return build_page


@pytest.fixture
def make_document() -> Callable[..., Document]:
    def build(*, company: str = "Acme", year: int | None = 2025, pages: int = 1) -> Document:
        identity = Identity(company, year)
        return Document(DOCUMENT, "acme.pdf", MediaType.PDF, 1000, identity, pages, "en", "Report")

    return build


@pytest.fixture
def make_retriever() -> Callable[..., "EveryChunk"]:
    """Build a retriever that finds every chunk of the pages, in the order of the pages."""

    def build(pages: Sequence[Page]) -> EveryChunk:
        return EveryChunk(chunk(pages, tokenizer=Blanks()))

    return build


@pytest.fixture(scope="session")
def maturity() -> Rubric:
    """Give the shipped rubric."""
    return load("maturity")


@pytest.fixture
def judge(
    make_document: Callable[..., Document], make_retriever: Callable[..., "EveryChunk"], maturity: Rubric
) -> Judge:
    """Score the pages of a document of Acme's by a rubric, the shipped one where none is given."""
    versions = Versions("test", "none", LocalJudge.id)

    def run(pages: Sequence[Page], *, rubric: Rubric = maturity) -> Scorecard:
        retriever = make_retriever(pages)
        return score(make_document(), pages, retriever, rubric=rubric, judge=LocalJudge(), versions=versions)

    return run


class Blanks:
    """A tokenizer whose tokens are what blanks part."""

    def offsets(self, text: str) -> list[tuple[int, int]]:
        return [m.span() for m in re.finditer(r"\S+", text)]


@dataclass
class EveryChunk:
    chunks: Sequence[Chunk]

    def retrieve_each(self, asked: Sequence[Sequence[str]], *, k: int) -> list[list[Hit]]:
        hits = [Hit(c, Retrieval(0.5, 1.0, 1 / (60 + i), i)) for i, c in enumerate(self.chunks[:k], 1)]
        return [hits for _ in asked]


def build_page(
    text: str,
    number: int = 1,
    *,
    label: str = "",
    language: str = "en",
    legibility: Legibility = Legibility.TEXT,
) -> Page:
    layout = _Layout()
    for part in re.split(r"\n\s*\n", text.strip("\n")):
        layout.add(part.strip("\n"))
    body = layout.text
    return Page(
        document_id=DOCUMENT,
        number=number,
        label=label or str(number),
        width=595.0,
        height=842.0,
        text=body,
        words=tuple(_words(body)),
        blocks=tuple(layout.blocks),
        tables=tuple(layout.tables),
        language=language,
        legibility=legibility,
    )


@dataclass
class _Layout:
    text: str = ""
    blocks: list[Block] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)

    def add(self, part: str) -> None:
        lines = [line.lstrip(" ") for line in part.split("\n")]
        is_table = any("\t" in line for line in lines)
        kind = BlockKind.TABLE if is_table else _KINDS.get(lines[0][:2].strip(), BlockKind.PARAGRAPH)
        if kind in _KINDS.values():
            lines[0] = lines[0][2:]
        self.text += "\n" if self.text else ""
        start = len(self.text)
        if kind is BlockKind.TABLE:
            self.tables.append(_table(lines, start, self._caption()))
        self.text += "\n".join(line.removeprefix("^") for line in lines)
        top = _MARGIN + self.text[:start].count("\n") * _LINE_POINTS
        box = Box(_MARGIN, top, 555, top + len(lines) * _LINE_POINTS - 2)
        self.blocks.append(Block(kind, start, len(self.text), box, level=1))

    def _caption(self) -> str:
        last = self.blocks[-1] if self.blocks else None
        return self.text[last.start : last.end] if last and last.kind is BlockKind.CAPTION else ""


def _table(lines: Sequence[str], start: int, caption: str) -> Table:
    rows, heads, at = [], [], start
    for r, line in enumerate(lines):
        is_head, bare = line.startswith("^"), line.removeprefix("^")
        if is_head:
            heads.append(_spread(bare.split("\t")))
        rows.append(tuple(_cells(bare, r, at, [] if is_head else heads)))
        at += len(bare) + 1
    return Table(start, at - 1, caption, tuple(rows))


def _cells(line: str, row: int, at: int, heads: Sequence[Sequence[str]]) -> Iterator[Cell]:
    for column, value in enumerate(line.split("\t")):
        path = [head[column] for head in heads if column < len(head) and head[column]]
        if value:
            yield Cell(row, column, at, at + len(value), tuple(dict.fromkeys(path)))
        at += len(value) + 1


def _spread(cells: Sequence[str]) -> list[str]:
    """An empty header cell right of a filled one belongs to it."""
    spread: list[str] = []
    for i, cell in enumerate(cells):
        spread.append(cell or (spread[-1] if i > 1 else ""))
    return spread


def _words(text: str) -> Iterator[Word]:
    line_start, line = 0, 0
    for match in re.finditer(r"\S+|\n", text):
        if match[0] == "\n":
            line, line_start = line + 1, match.end()
            continue
        x = _MARGIN + (match.start() - line_start) * _LETTER_POINTS
        y = _MARGIN + line * _LINE_POINTS
        box = Box(x, y, x + len(match[0]) * _LETTER_POINTS, y + 10)
        yield Word(match.start(), match.end(), box)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an authority that no server's certificate is from."""
    return Authority(tmp_path_factory.mktemp("stranger")).file
