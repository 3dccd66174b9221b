"""sitemap.xml → pages and further sitemaps (sitemaps.org 0.9); plain or gzip, and hostile until read."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from xml.parsers import expat

from esg.errors import Rejected
from esg.fetch import inflate
from esg.sources.source import Item, Source

LARGEST_BYTES = 50 * 1024 * 1024  # by the protocol, unpacked
MOST_ENTRIES = 50_000
_GZIP = b"\x1f\x8b"
_DEEPEST = 8  # elements; a sitemap has three
_INCLUDE = ("*.pdf",)  # where nothing else is asked for: a sitemap lists a whole site


@dataclass(slots=True)
class Sitemap:
    """What one file names: (place, lastmod) of pages, and places of further sitemaps."""

    pages: list[tuple[str, str]] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)


def read(data: bytes, name: str) -> Sitemap:
    """Read a sitemap or an index of such; raises Rejected for what is none, too big or declares entities."""
    if data.startswith(_GZIP):
        data = inflate(data, "gzip", name, LARGEST_BYTES)
    if len(data) > LARGEST_BYTES:
        raise _bad(name, f"is bigger than {LARGEST_BYTES // 1024**2} MiB")
    reader = _Reader(name)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.doctype  # no entities, so none that grow or lead elsewhere
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise _bad(name, f"is not XML ({error})") from error
    if not reader.is_sitemap:
        raise _bad(name, "has neither <urlset> nor <sitemapindex>")
    return reader.found


class _Reader:
    """Hears the parser; takes <loc> and <lastmod> of each <url> and <sitemap>, and nothing else."""

    def __init__(self, name: str) -> None:
        self.found = Sitemap()
        self.is_sitemap = False
        self._name = name
        self._path: list[str] = []
        self._entry: dict[str, str] = {}

    def start(self, tag: str, _attributes: object) -> None:
        self._path.append(tag.rpartition(" ")[2])
        if len(self._path) > _DEEPEST:
            raise _bad(self._name, "is nested too deeply")
        if len(self._path) == 1:
            self.is_sitemap = self._path[0] in ("urlset", "sitemapindex")

    def text(self, data: str) -> None:
        if len(self._path) == 3 and self._path[2] in ("loc", "lastmod"):
            self._entry[self._path[2]] = self._entry.get(self._path[2], "") + data

    def end(self, _tag: str) -> None:
        if len(self._path) == 2:
            self._take()
        self._path.pop()

    def doctype(self, *_declared: object) -> None:
        raise _bad(self._name, "declares a document type, which no sitemap needs")

    def _take(self) -> None:
        place, changed = (self._entry.get(name, "").strip() for name in ("loc", "lastmod"))
        self._entry = {}
        if place and self._path[1] == "url":
            self.found.pages.append((place, changed))
        elif place and self._path[1] == "sitemap":
            self.found.sitemaps.append(place)
        if len(self.found.pages) + len(self.found.sitemaps) > MOST_ENTRIES:
            raise _bad(self._name, f"has more than {MOST_ENTRIES:,} entries")


def items(found: Sitemap, source: Source) -> tuple[Item, ...]:
    """The pages that a source's patterns let through, each once."""
    chosen = {place: changed for place, changed in found.pages if is_wanted(place, source)}
    return tuple(Item(place, version=changed) for place, changed in chosen.items())


def is_wanted(url: str, source: Source) -> bool:
    """Whether a URL matches a pattern of `include` (*.pdf where none is given) and none of `exclude`."""
    included = any(fnmatchcase(url, pattern) for pattern in source.texts("include") or _INCLUDE)
    return included and not any(fnmatchcase(url, pattern) for pattern in source.texts("exclude"))


def _bad(name: str, what: str) -> Rejected:
    return Rejected(f"{name} {what}.", code="bad_sitemap", next_step="Check the address of the sitemap.")
