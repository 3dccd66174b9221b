"""What in a report says whose it is and what it is about."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Front:
    titles: tuple[str, ...]  # lines of the first page with text
    headings: tuple[str, ...]  # of the three pages after it
    running: tuple[str, ...]  # lines of running heads and feet, as often as they are printed
    texts: tuple[str, ...]  # of all legible pages
    title: str = ""  # in the file's metadata
    author: str = ""
    name: str = ""  # path or URL
    created: int | None = None  # year of the file
