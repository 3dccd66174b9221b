"""A place on a page → a quote with its boxes, checked to be verbatim."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from esg.domain import Box, Evidence, Page, Retrieval, Span, Word, evidence_id
from esg.extract.words import touching

POINT_PLACES = 2  # decimals of a box, in PDF points
PLACES = 6  # decimals of retrieval's parts
_SAME_LINE = 0.5  # words whose heights overlap by half stand on one line


def cite(
    page: Page, start: int, end: int, *, chunk_id: str = "", retrieval: Retrieval | None = None
) -> Evidence:
    """Quote page.text[start:end]; raises ValueError where that is not quotable."""
    quote = page.text[start:end]
    if not 0 <= start < end <= len(page.text) or quote != quote.strip():
        raise ValueError(f"page {page.number} [{start}:{end}) is not a run of words")
    return Evidence(
        id=evidence_id(page.document_id, Span(page.number, start, end)),
        document_id=page.document_id,
        page=page.number,
        printed_page=page.label,
        quote=quote,
        start=start,
        end=end,
        boxes=boxes(page, start, end),
        sha256=sha256(quote.encode()).hexdigest(),
        chunk_id=chunk_id,
        retrieval=retrieval and rounded(retrieval),
    )


def rounded(retrieval: Retrieval) -> Retrieval:
    """Round to the places a scorecard prints: what differs less is the same."""
    dense, lexical, fused, rank = retrieval
    return Retrieval(round(dense, PLACES), round(lexical, PLACES), round(fused, PLACES), rank)


def boxes(page: Page, start: int, end: int) -> tuple[Box, ...]:
    """Merge the boxes of the words in page.text[start:end] line by line, in reading order."""
    return tuple(_hull(line) for line in _lines(touching(page.words, start, end)))


def is_running(page: Page, start: int, end: int) -> bool:
    """Whether the place touches a running header or footer, which is never evidence."""
    return any(b.kind.is_running and b.start < end and b.end > start for b in page.blocks)


def _lines(words: Sequence[Word]) -> Iterable[list[Box]]:
    line: list[Box] = []
    for word in words:
        if line and not _on_line(line[-1], word.box):
            yield line
            line = []
        line.append(word.box)
    if line:
        yield line


def _on_line(left: Box, right: Box) -> bool:
    """Whether the right box continues the left one's line: heights overlap and it does not jump back."""
    overlap = min(left.y1, right.y1) - max(left.y0, right.y0)
    height = min(left.y1 - left.y0, right.y1 - right.y0)
    return overlap >= _SAME_LINE * height and right.x0 >= left.x0


def _hull(line: Sequence[Box]) -> Box:
    x0, y0, x1, y1 = zip(*line, strict=True)
    edges = (min(x0), min(y0), max(x1), max(y1))
    return Box(*(round(edge, POINT_PLACES) for edge in edges))
