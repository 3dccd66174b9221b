"""The nouns: a source, what it lists, and what was known of it before."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from esg.fetch import Answer


class Kind(StrEnum):
    FOLDER = "folder"
    URLS = "urls"  # a file of URLs, local or on the web
    SITEMAP = "sitemap"
    EDGAR = "edgar"  # a company's filings, by its CIK


@dataclass(frozen=True, slots=True)
class Source:
    """Where to look, and `options` by kind: include, exclude, forms (lists of text), since (ISO date)."""

    kind: Kind
    location: str
    options: Mapping[str, object] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Name a source by where it is: 12 hexadecimal digits; adding it twice is adding it once."""
        return hashlib.sha256(f"{self.kind}\n{self.location}".encode()).hexdigest()[:12]

    def texts(self, option: str) -> tuple[str, ...]:
        value = self.options.get(option, ())
        return tuple(map(str, value)) if isinstance(value, list | tuple) else ()


class Item(NamedTuple):
    """A document that a source lists. One of a `version` that was fetched before is not asked for again."""

    url: str  # or a path
    company: str = ""
    year: int | None = None
    version: str = ""  # "" where the source does not say: then the document itself is asked


class Known(NamedTuple):
    """What a page of a listing said when it was last read."""

    etag: str = ""
    last_modified: str = ""
    children: tuple[str, ...] = ()  # further pages that it names


class Listed(NamedTuple):
    """A page of a listing; its `items` are None where it has not changed, or could not be read (`error`)."""

    url: str
    items: tuple[Item, ...] | None
    known: Known
    error: str = ""


Ask = Callable[[str, Known], Answer | None]  # a polite GET; None: not modified
