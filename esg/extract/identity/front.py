"""What in a report says whose it is and what it is about."""

from collections.abc import Sequence
from dataclasses import dataclass

from esg.domain import BlockKind, Legibility, Page

_FIRST_PAGES, _LAST_PAGES = 80, 5  # enough to count names; the imprint stands last


@dataclass(frozen=True, slots=True)
class About:
    """What a file says about itself besides its pages."""

    title: str = ""
    author: str = ""
    company: str = ""  # where a machine-readable fact names it (iXBRL)
    year: int | None = None
    created: int | None = None  # year of the file
    made_on: str = ""  # ISO date of the file, "" where it has none
    name: str = ""  # its path or URL


@dataclass(frozen=True, slots=True)
class Front:
    titles: tuple[str, ...]  # lines of the first page with text
    headings: tuple[str, ...]  # of the three pages after it
    running: tuple[str, ...]  # lines of running heads and feet, as often as they are printed
    texts: tuple[str, ...]  # of the legible pages, of a long report its first and last
    title: str = ""  # in the file's metadata
    author: str = ""
    name: str = ""  # path or URL
    created: int | None = None  # year of the file


def read_front(pages: Sequence[Page], about: About) -> Front:
    """Gather what names a report: title lines, running heads, text; letters that lie are left out."""
    legible = [page for page in pages if page.text and page.legibility is not Legibility.GARBLED]
    return Front(
        titles=tuple(line for page in legible[:1] for line in _lines(page)),
        headings=tuple(line for page in legible[1:4] for line in _lines(page, BlockKind.HEADING)),
        running=tuple(line for page in legible for line in _lines(page, BlockKind.HEADER, BlockKind.FOOTER)),
        texts=tuple(page.text for page in (*legible[:_FIRST_PAGES], *legible[_FIRST_PAGES:][-_LAST_PAGES:])),
        title=about.title,
        author=about.author,
        name=about.name,
        created=about.created,
    )


def _lines(page: Page, *kinds: BlockKind) -> list[str]:
    """The lines of a page's blocks of some kinds, of all for none."""
    blocks = (block for block in page.blocks if not kinds or block.kind in kinds)
    return [line for block in blocks for line in page.text[block.start : block.end].splitlines() if line]
