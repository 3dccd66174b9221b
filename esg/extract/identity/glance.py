"""page → what in it may say whose report it is and what it is about, as JSON can hold it.

It is looked at page by page, so that several processes may each look at their own.
"""

from collections.abc import Sequence
from typing import NamedTuple

from esg.domain import BlockKind, Legibility, Page
from esg.extract.identity.names import legal_names, proper_names
from esg.extract.identity.years import years_in

_FIRST_PAGES, _LAST_PAGES = 80, 5  # enough to count names; the imprint stands last
_TITLE_PAGES = 4


class Glance(NamedTuple):
    """What one page tells; the lists are empty where nobody asks that of such a page."""

    running: list[str]  # lines of running heads and feet
    lines: list[str]  # all of them, of the first pages
    headings: list[str]  # of the first pages
    text: str | None  # None in the middle of a long report, and then nothing that is read from it
    legal: list[str]  # names with their legal form
    used: list[str]  # names inside sentences
    years: list[int]


def legible(pages: Sequence[Page]) -> list[Page]:
    """Those with text, without the ones whose letters lie."""
    return [page for page in pages if page.text and page.legibility is not Legibility.GARBLED]


def glances(pages: Sequence[Page], *, before: int = 0, of: int | None = None) -> list[Glance]:
    """Look at legible pages of a report that has `of` of them, `before` of them before these."""
    last = max(_FIRST_PAGES, (len(pages) if of is None else of) - _LAST_PAGES)
    return [
        _glance(page, is_early=number < _TITLE_PAGES, is_read=number < _FIRST_PAGES or number >= last)
        for number, page in enumerate(pages, start=before)
    ]


def _glance(page: Page, *, is_early: bool, is_read: bool) -> Glance:
    return Glance(
        running=_lines(page, BlockKind.HEADER, BlockKind.FOOTER),
        lines=_lines(page) if is_early else [],
        headings=_lines(page, BlockKind.HEADING) if is_early else [],
        text=page.text if is_read else None,
        legal=[*legal_names(page.text)] if is_read else [],
        used=[*proper_names(page.text)] if is_read else [],
        years=years_in(page.text) if is_read else [],
    )


def _lines(page: Page, *kinds: BlockKind) -> list[str]:
    """The lines of a page's blocks of some kinds, of all for none."""
    blocks = (block for block in page.blocks if not kinds or block.kind in kinds)
    return [line for block in blocks for line in page.text[block.start : block.end].splitlines() if line]
