"""Passages by hand, as retrieval would give them."""

from collections.abc import Iterator

from esg.domain import Chunk, ChunkKind, Hit, Retrieval, Span
from esg.rubric import fold
from esg.score import Passage


def passage(
    text: str, *, context: str = "", is_row: bool = False, page: int = 1, rank: int = 1, chunk: str = ""
) -> Passage:
    """A passage alone in its chunk, or in one that it shares with others."""
    span = Span(page, 0, len(text))
    name = chunk or f"{page}-{rank}"
    hit = Hit(Chunk(name, "d", (span,), text, 1, "", ChunkKind.PROSE), Retrieval(0, 0, 0, rank))
    return Passage(span, fold(text), context, is_row, hit)


def neighbours(*texts: str, page: int = 1, rank: int = 1) -> Iterator[Passage]:
    """Passages of one chunk, one after the other on its page."""
    start = 0
    for text in texts:
        alone = passage(text, page=page, rank=rank, chunk=f"{page}-{rank}")
        yield alone._replace(span=Span(page, start, start + len(text)))
        start += len(text) + 1
