"""block -> pieces: the sentences or rows that a chunk is packed from, none longer than a chunk."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from esg.chunk.sentences import sentences
from esg.chunk.tokenizer import Tokenizer
from esg.domain import Block, Page

_LINE = re.compile(r"[^\n]*\S[^\n]*")
_CLAUSE = re.compile(r"[;:,–—)\]](?=\s)|\t|[，、；：）]")
_BLANK = re.compile(r"\s+")
_CLOSED = re.compile(r"[.!?…:;。！？；：]['\"’”»)\]」』）\d¹²³]*\Z")

Place = tuple[int, int]  # start and end in Page.text


class Piece(NamedTuple):
    """Text that stays together; `block` numbers the blocks of a document in reading order."""

    page: int
    start: int
    end: int
    tokens: int
    block: int
    opens: bool  # begins like a sentence
    closes: bool  # ends like one


class Cutter:
    """Cuts blocks into pieces of at most `limit` tokens."""

    def __init__(self, tokenizer: Tokenizer, *, limit: int) -> None:
        self._tokenizer = tokenizer
        self._blocks = 0
        self.limit = limit

    def prose(self, page: Page, block: Block) -> list[Piece]:
        """One piece a sentence."""
        return self._pieces(page, sentences(page.text, block.start, block.end))

    def rows(self, page: Page, block: Block) -> list[list[Piece]]:
        """One list a row of a table, of one piece unless the row is too long."""
        lines = (found.span() for found in _LINE.finditer(page.text, block.start, block.end))
        return [self._pieces(page, [_trim(page.text, line)]) for line in lines]

    def count(self, text: str) -> int:
        return len(self._tokenizer.offsets(text))

    def _pieces(self, page: Page, places: Iterable[Place]) -> list[Piece]:
        self._blocks += 1
        return [self._piece(page, *part) for place in places for part in self._parts(page.text, place)]

    def _piece(self, page: Page, place: Place, tokens: int) -> Piece:
        text = page.text[slice(*place)]
        opens = not text[:1].islower()
        return Piece(page.number, *place, tokens, self._blocks, opens, bool(_CLOSED.search(text)))

    def _parts(self, text: str, place: Place) -> Iterator[tuple[Place, int]]:
        """Cut a place where it has too many tokens; give what it is cut into, each with its count of them."""
        start, end = place
        while len(offsets := self._tokenizer.offsets(text[start:end])) > self.limit:
            cut = _cut(text, start, start + offsets[self.limit - 1][1])
            yield (start, cut), self.count(text[start:cut])
            start, end = _trim(text, (cut, end))
        yield (start, end), len(offsets)


def _cut(text: str, start: int, reach: int) -> int:
    """Find the last clause border in the second half of what fits, else the last blank, else take it all."""
    for border in (_CLAUSE, _BLANK):
        ends = [found.end() for found in border.finditer(text, (start + reach) // 2, reach)]
        if ends:
            return _trim(text, (start, ends[-1]))[1]
    return reach


def _trim(text: str, place: Place) -> Place:
    start, end = place
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))
