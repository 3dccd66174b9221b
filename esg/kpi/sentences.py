"""Running text → figures, sentence by sentence."""

import re
from collections.abc import Iterator

from esg.chunk import sentences
from esg.domain import BlockKind, Page, Span
from esg.kpi import lexicon
from esg.kpi.figure import Figure
from esg.kpi.named import named
from esg.kpi.numbers import Style
from esg.kpi.prose import Sentence
from esg.kpi.ruled import ruled
from esg.rubric import fold

_PROSE = (BlockKind.PARAGRAPH, BlockKind.LIST, BlockKind.HEADING, BlockKind.CAPTION, BlockKind.FOOTNOTE)
_LONGEST = 1000  # characters; what is longer is no sentence
_DIGIT = re.compile(r"\d")  # a sentence without one holds no figure


def read_sentences(page: Page, *, style: Style | None, year: int | None, company: str) -> list[Figure]:
    """Read the KPIs of a page's running text; `year` stands in where a sentence names none."""
    return [
        figure
        for sentence in _sentences(page, company)
        for figure in (*named(sentence, style, year), *ruled(sentence, style, year))
    ]


def _sentences(page: Page, company: str) -> Iterator[Sentence]:
    for block in page.blocks:
        if block.kind in _PROSE:
            for start, end in sentences(page.text, block.start, block.end):
                raw = page.text[start:end]
                if len(raw) <= _LONGEST and _DIGIT.search(raw):
                    text = lexicon.blanked(fold(raw), company)
                    yield Sentence(page, Span(page.number, start, end), text, raw)
