"""Running text → figures, sentence by sentence."""

import re
from collections.abc import Iterator

from esg.domain import Page
from esg.kpi.figure import Figure
from esg.kpi.intensity_sentences import intensities
from esg.kpi.named import named
from esg.kpi.numbers import Style
from esg.kpi.prose import Sentence, places, sentence_at
from esg.kpi.ruled import ruled

_LONGEST = 1000  # characters; what is longer is no sentence
_DIGIT = re.compile(r"\d")  # a sentence without one holds no figure


def read_sentences(page: Page, *, style: Style | None, year: int | None, company: str) -> list[Figure]:
    """Read the KPIs of a page's running text; `year` stands in where a sentence names none."""
    return [
        figure
        for sentence in _sentences(page, company)
        for read in (named, ruled, intensities)
        for figure in read(sentence, style, year)
    ]


def _sentences(page: Page, company: str) -> Iterator[Sentence]:
    for span in places(page, _LONGEST):
        if _DIGIT.search(page.text, span.start, span.end):
            yield sentence_at(page, span, company)
