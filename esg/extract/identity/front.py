"""What in a report says whose it is and what it is about."""

from collections.abc import Sequence
from dataclasses import dataclass

from esg.extract.identity.glance import Glance


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
    legal: tuple[str, ...]  # names with their legal form in these texts, as often as they stand there
    used: tuple[str, ...]  # names inside their sentences
    years: tuple[int, ...]  # that they name
    title: str = ""  # in the file's metadata
    author: str = ""
    name: str = ""  # path or URL
    created: int | None = None  # year of the file


def read_front(glances: Sequence[Glance], about: About) -> Front:
    """Gather what names a report from what its legible pages tell: title lines, running heads, text."""
    return Front(
        titles=tuple(line for glance in glances[:1] for line in glance.lines),
        headings=tuple(line for glance in glances[1:4] for line in glance.headings),
        running=tuple(line for glance in glances for line in glance.running),
        texts=tuple(glance.text for glance in glances if glance.text is not None),
        legal=tuple(name for glance in glances for name in glance.legal),
        used=tuple(name for glance in glances for name in glance.used),
        years=tuple(year for glance in glances for year in glance.years),
        title=about.title,
        author=about.author,
        name=about.name,
        created=about.created,
    )
