"""source → what it lists now, page by page; a page that has not changed costs one request and no bytes."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

from esg.errors import EsgError, Rejected
from esg.fetch import Answer, check_url, expand, read_file
from esg.sources import edgar, sitemap, url_list
from esg.sources.source import Ask, Item, Kind, Known, Listed, Source

SETTLED_SECONDS = 5.0  # a file that was written to this lately may grow
LARGEST_LIST_BYTES = 20 * 1024 * 1024
MOST_PAGES = 500  # of one listing
NOTHING = Known()


def validate(source: Source) -> None:
    """Raises Rejected for a location or options that cannot be meant."""
    if source.kind is Kind.SITEMAP:
        check_url(source.location)
    elif source.kind is Kind.EDGAR:
        edgar.cik(source.location)
    elif "://" in source.location:
        check_url(source.location)
    elif not Path(source.location).exists():
        raise Rejected(f"There is no {source.location}.", code="not_found", next_step="Check the path.")
    if (since := str(source.options.get("since", ""))) and not _is_day(since):
        raise Rejected(f"{since!r} is no date.", code="bad_source", next_step="Write it as in 2023-01-31.")


def list_source(
    source: Source, known: Mapping[str, Known], ask: Ask, *, edgar_url: str, archives_url: str
) -> list[Listed]:
    """List a source; raises what its first page raises, while a failing further page is told in its place."""
    match source.kind:
        case Kind.FOLDER:
            return [Listed(source.location, tuple(_files(source.location)), NOTHING)]
        case Kind.URLS if "://" not in source.location:
            data = read_file(source.location, max_bytes=LARGEST_LIST_BYTES)
            items = url_list.read(data.decode("utf-8", "replace"), source.location)
            return [Listed(source.location, items, NOTHING)]
        case Kind.URLS:
            return list(_pages(source.location, known, ask, _read_urls))
        case Kind.SITEMAP:
            return list(_pages(source.location, known, ask, lambda a: _read_sitemap(a, source)))
        case Kind.EDGAR:
            number, folder = edgar.cik(source.location), f"{edgar_url}/submissions"
            first = f"{folder}/CIK{number:010}.json"
            return list(_pages(first, known, ask, lambda a: _read_edgar(a, source, folder, archives_url)))


Read = Callable[[Answer], tuple[tuple[Item, ...], tuple[str, ...]]]


def _pages(first: str, known: Mapping[str, Known], ask: Ask, read: Read) -> Iterator[Listed]:
    """Ask a page and those that it names, each once."""
    waiting, seen = [first], {first}
    while waiting:
        url = waiting.pop(0)
        try:
            page = _page(url, known.get(url, NOTHING), ask, read)
        except EsgError as error:
            if url == first:
                raise
            page = Listed(url, None, known.get(url, NOTHING), str(error))
        yield page
        fresh = [child for child in dict.fromkeys(page.known.children) if child not in seen]
        waiting += fresh[: MOST_PAGES - len(seen)]
        seen.update(waiting)


def _page(url: str, known: Known, ask: Ask, read: Read) -> Listed:
    answer = ask(url, known)
    if answer is None:
        return Listed(url, None, known)
    items, children = read(answer)
    return Listed(url, items, Known(answer.header("etag"), answer.header("last-modified"), children))


def _read_urls(answer: Answer) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    return url_list.read(answer.data.decode("utf-8", "replace"), answer.url), ()


def _read_sitemap(answer: Answer, source: Source) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    found = sitemap.read(answer.data, answer.url)
    return sitemap.items(found, source), tuple(found.sitemaps)


def _read_edgar(
    answer: Answer, source: Source, folder: str, archives_url: str
) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    found = edgar.read(answer.data, source, archives_url=archives_url)
    return found.items, tuple(f"{folder}/{name}" for name in found.older)


def _files(folder: str) -> Iterator[Item]:
    """The documents of a folder, but what may still be on its way."""
    if not Path(folder).is_dir():
        raise Rejected(f"There is no folder {folder}.", code="not_found", next_step="Check the path.")
    for path in map(Path, expand(folder)):
        with suppress(FileNotFoundError):  # taken away meanwhile
            status = path.stat()
            if time.time() - status.st_mtime > SETTLED_SECONDS:
                yield Item(str(path), version=f"{status.st_size} {status.st_mtime_ns}")


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
