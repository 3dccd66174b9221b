"""pages -> chunks: sections first, then runs of sentences or rows within them."""

from collections.abc import Iterator, Sequence

from esg.chunk.pack import pack, pack_rows
from esg.chunk.pieces import Cutter, Piece
from esg.chunk.tables import header_rows
from esg.chunk.tokenizer import RESERVED_TOKENS, Tokenizer
from esg.domain import Block, BlockKind, Chunk, ChunkKind, Page, Span, chunk_id

VERSION = "1"  # of everything that decides what chunks hold; a change re-chunks every document

_LONGEST_TITLE = 120  # characters of a heading in a section's path

Run = tuple[ChunkKind, str, list[Piece]]  # the kind, the section and the pieces of one chunk


def chunk(pages: Sequence[Page], *, tokenizer: Tokenizer, max_tokens: int = 256) -> list[Chunk]:
    """Part a document into chunks of at most `max_tokens`, the model's own markers included.

    Every text of a legible page is in a chunk, but for running headers and footers; only the caption and the
    header rows of a table may be in several. No chunk crosses a heading; it begins with those before it.
    """
    texts = {page.number: page.text for page in pages}
    walk = _Walk(Cutter(tokenizer, limit=max_tokens - RESERVED_TOKENS))
    legible = [page for page in pages if page.legibility.is_read]
    runs = [run for page in legible for run in walk.page(page)] + list(walk.flush())
    chunks = [_chunk(pages[0].document_id, run, texts, tokenizer) for run in runs]
    return sorted(chunks, key=lambda chunk: chunk.spans[0][:2])


class _Walk:
    """Goes through blocks in reading order and holds back what the next block may continue."""

    def __init__(self, cutter: Cutter) -> None:
        self._cutter = cutter
        self._path: list[tuple[int, str]] = []  # level and title of the headings above
        self._headings: list[Piece] = []
        self._caption: list[Piece] = []
        self._prose: list[Piece] = []

    def page(self, page: Page) -> Iterator[Run]:
        blocks = [block for block in page.blocks if not block.kind.is_running]
        notes: list[Piece] = []
        for block, after in zip(blocks, [*blocks, None][1:], strict=True):
            if block.kind is BlockKind.FOOTNOTE:
                notes += self._cutter.prose(page, block)
            else:
                yield from self._block(page, block, after)
        yield from self._pack(notes)

    def flush(self) -> Iterator[Run]:
        """Give what was held back: the section's prose so far, after its headings."""
        pieces = self._headings + self._prose
        self._headings, self._prose = [], []
        yield from self._pack(pieces)

    def _block(self, page: Page, block: Block, after: Block | None) -> Iterator[Run]:
        match block.kind:
            case BlockKind.HEADING:
                yield from self._heading(page, block)
            case BlockKind.TABLE:
                yield from self._table(page, block)
            case BlockKind.CAPTION if after is not None and after.kind is BlockKind.TABLE:
                self._caption = self._cutter.prose(page, block)
            case _:
                self._prose += self._cutter.prose(page, block)

    def _heading(self, page: Page, block: Block) -> Iterator[Run]:
        if self._prose:
            yield from self.flush()
        title = " ".join(page.text[block.start : block.end].split())[:_LONGEST_TITLE]
        self._path = [above for above in self._path if above[0] < block.level] + [(block.level, title)]
        self._headings += self._cutter.prose(page, block)

    def _table(self, page: Page, block: Block) -> Iterator[Run]:
        if self._prose:
            yield from self.flush()
        rows = self._cutter.rows(page, block)
        heads = header_rows(page, block)
        lead = self._caption + _joined(rows[:heads])
        opening = self._headings
        self._headings, self._caption = [], []
        for run in pack_rows(_joined(rows[heads:]), opening=opening, lead=lead, limit=self._cutter.limit):
            yield ChunkKind.TABLE, self._section(), run

    def _pack(self, pieces: Sequence[Piece]) -> Iterator[Run]:
        for run in pack(pieces, limit=self._cutter.limit):
            yield ChunkKind.PROSE, self._section(), run

    def _section(self) -> str:
        return " > ".join(title for _, title in self._path)


def _chunk(document_id: str, run: Run, texts: dict[int, str], tokenizer: Tokenizer) -> Chunk:
    kind, section, pieces = run
    spans = _spans(pieces, texts)
    text = "\n".join(texts[span.page][span.start : span.end] for span in spans)
    tokens = len(tokenizer.offsets(text))
    return Chunk(chunk_id(document_id, spans, text), document_id, spans, text, tokens, section, kind)


def _spans(pieces: Sequence[Piece], texts: dict[int, str]) -> tuple[Span, ...]:
    """Join pieces that only blanks part."""
    spans: list[Span] = []
    for piece in pieces:
        last = spans[-1] if spans else None
        if last and last.page == piece.page and not texts[piece.page][last.end : piece.start].strip():
            spans[-1] = last._replace(end=piece.end)
        else:
            spans.append(Span(piece.page, piece.start, piece.end))
    return tuple(spans)


def _joined(rows: Sequence[Sequence[Piece]]) -> list[Piece]:
    return [piece for row in rows for piece in row]
