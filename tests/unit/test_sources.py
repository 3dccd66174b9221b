"""What sources list: sitemaps that are hostile until read, lists as people write them, EDGAR's columns."""

import gzip
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esg.errors import EsgError, Misconfigured, Rejected
from esg.fetch import Answer
from esg.sources import (
    Item,
    Kind,
    Known,
    Listed,
    Robots,
    Source,
    check_user_agent,
    edgar,
    list_source,
    sitemap,
    url_list,
    validate,
)

NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
SITE = Source(Kind.SITEMAP, "https://acme.example/sitemap.xml")
APPLE = Source(Kind.EDGAR, "320193")


def urlset(*entries: str) -> bytes:
    return f'<?xml version="1.0"?><urlset {NAMESPACE}>{"".join(entries)}</urlset>'.encode()


def entry(url: str, changed: str = "") -> str:
    lastmod = f"<lastmod>{changed}</lastmod>" if changed else ""
    return f"<url><loc> {url} </loc>{lastmod}<priority>0.5</priority></url>"


# -- sitemaps


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_sitemap_lists_pages_with_what_says_that_they_changed(pack: Any) -> None:
    data = pack(
        urlset(entry("https://a.example/r.pdf?x=1&amp;y=2", "2026-01-01"), entry("https://a.example/b"))
    )

    found = sitemap.read(data, "sitemap.xml")

    assert found.pages == [("https://a.example/r.pdf?x=1&y=2", "2026-01-01"), ("https://a.example/b", "")]
    assert found.sitemaps == []


def test_an_index_lists_sitemaps() -> None:
    data = f"<sitemapindex {NAMESPACE}><sitemap><loc>https://a.example/1.xml</loc></sitemap></sitemapindex>"

    assert sitemap.read(data.encode(), "index.xml").sitemaps == ["https://a.example/1.xml"]


def test_what_an_extension_says_of_pictures_is_no_page() -> None:
    image = (
        '<url><loc>https://a.example/r.pdf</loc><i:image xmlns:i="x"><i:loc>no.png</i:loc></i:image></url>'
    )

    assert sitemap.read(urlset(image), "s").pages == [("https://a.example/r.pdf", "")]


LAUGHS = """<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>"""


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (f"{LAUGHS}<urlset {NAMESPACE}><url><loc>&b;</loc></url></urlset>".encode(), "document type"),
        (b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset>&x;</urlset>', "document type"),
        (b'<!DOCTYPE r SYSTEM "http://127.0.0.1/x.dtd"><urlset/>', "document type"),
        (b"<html><body>Not found</body></html>", "neither"),
        (b"<urlset><url>", "not XML"),
        (b"", "not XML"),
        (b"%PDF-1.7", "not XML"),
        (b"<urlset>" + b"<a>" * 9, "deeply"),
        (gzip.compress(b" " * (sitemap.LARGEST_BYTES + 1), mtime=0), "bigger"),
        (gzip.compress(b"<urlset/>", mtime=0)[:-9], "in part"),
    ],
    ids=["entities", "file", "external", "page", "torn", "empty", "pdf", "deep", "bomb", "part"],
)
def test_what_is_no_sitemap_or_means_harm_is_refused(data: bytes, what: str) -> None:
    with pytest.raises(EsgError, match=what):
        sitemap.read(data, "sitemap.xml")


def test_no_more_is_read_than_the_protocol_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MOST_ENTRIES", 3)

    with pytest.raises(Rejected, match="more than 3 entries"):
        sitemap.read(urlset(*[entry(f"https://a.example/{n}") for n in range(4)]), "s")


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(EsgError):
        assert isinstance(sitemap.read(data, "s"), sitemap.Sitemap)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, {"r.pdf", "old/r.pdf"}),
        ({"include": ["*/report*"]}, {"report.html"}),
        ({"include": ("*.pdf",), "exclude": ("*/old/*",)}, {"r.pdf"}),
    ],
)
def test_patterns_choose_what_is_fetched(options: dict[str, object], expected: set[str]) -> None:
    pages = [(f"https://a.example/{p}", "") for p in ("r.pdf", "old/r.pdf", "report.html", "about")]

    found = sitemap.items(sitemap.Sitemap(pages), Source(Kind.SITEMAP, "s", options))

    assert {item.url.removeprefix("https://a.example/") for item in found} == expected


# -- pages of a listing


def answers(pages: dict[str, bytes | Exception | None], asked: list[tuple[str, Known]]) -> Any:
    def ask(url: str, known: Known) -> Answer | None:
        asked.append((url, known))
        found = pages[url]
        if isinstance(found, Exception):
            raise found
        return None if found is None else Answer(url, found, (("etag", f'"{len(found)}"'),))

    return ask


def listing(source: Source, known: dict[str, Known], pages: dict[str, Any], asked: list[Any]) -> list[Listed]:
    urls = {"edgar_url": "https://data", "archives_url": "https://archives"}
    return list_source(source, known, answers(pages, asked), **urls)


def test_an_index_is_followed_and_a_broken_part_hides_no_other() -> None:
    parts = "".join(f"<sitemap><loc>https://acme.example/{n}.xml</loc></sitemap>" for n in (1, 2, 1))
    pages = {
        SITE.location: f"<sitemapindex>{parts}</sitemapindex>".encode(),
        "https://acme.example/1.xml": Rejected("It is away.", code="not_found"),
        "https://acme.example/2.xml": urlset(entry("https://acme.example/r.pdf")),
    }
    asked: list[Any] = []

    found = listing(SITE, {}, pages, asked)

    assert [(page.items, page.error) for page in found] == [
        ((), ""),
        (None, "It is away."),
        ((Item("https://acme.example/r.pdf"),), ""),
    ]
    assert len(asked) == 3


def test_an_unchanged_page_is_asked_with_what_is_known_and_leads_on() -> None:
    child = "https://acme.example/1.xml"
    known = {SITE.location: Known('"1"', "", (child,)), child: Known('"2"')}
    asked: list[Any] = []

    found = listing(SITE, known, {SITE.location: None, child: None}, asked)

    assert asked == [(SITE.location, known[SITE.location]), (child, known[child])]
    assert [page.items for page in found] == [None, None]
    assert found[0].known == known[SITE.location]


def test_a_first_page_that_fails_is_the_failure_of_the_source() -> None:
    with pytest.raises(Rejected, match="away"):
        listing(SITE, {}, {SITE.location: Rejected("It is away.", code="not_found")}, [])


# -- lists of URLs


def test_a_list_is_read_as_people_write_it() -> None:
    text = '\ufeff# ours\nurl,company,year\nhttps://a.example/r.pdf,"Acme, AG",2024\n\nhttps://b.example/x\n'

    assert url_list.read(text, "list") == (
        Item("https://a.example/r.pdf", "Acme, AG", 2024),
        Item("https://b.example/x"),
    )


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("file:///etc/passwd", "not an http"),
        ("https://u:p@a.example/", "password"),
        ("https://a.example,Acme,24", "'24' is no year"),
        ("https://a.example,Acme,2024,x", "more than url"),
        ("just words", "entry 2"),
    ],
)
def test_a_mistake_in_a_list_is_told(line: str, what: str) -> None:
    with pytest.raises(Rejected, match=what):
        url_list.read(f"https://good.example/\n{line}\n", "list")


# -- EDGAR


def filings(*rows: tuple[str, str, str, str]) -> dict[str, list[str]]:
    columns = zip(*rows, strict=True)
    return dict(
        zip(("form", "accessionNumber", "primaryDocument", "filingDate"), map(list, columns), strict=True)
    )


TEN_K = ("10-K", "0000320193-24-000123", "aapl-20240928.htm", "2024-11-01")
EIGHT_K = ("8-K", "0000320193-24-000120", "a8k.htm", "2024-10-31")
OLD = ("10-K", "0000320193-10-000001", "old.htm", "2010-10-27")


def submissions(*rows: tuple[str, str, str, str], **more: object) -> bytes:
    return json.dumps({"name": "Apple Inc.", "filings": {"recent": filings(*rows), **more}}).encode()


def test_filings_of_the_chosen_forms_are_listed_once_and_for_ever() -> None:
    found = edgar.read(submissions(TEN_K, EIGHT_K), APPLE, archives_url="https://www.sec.gov")

    url = "https://www.sec.gov/Archives/edgar/data/320193/000032019324000123/aapl-20240928.htm"
    assert found.items == (Item(url, "Apple Inc.", None, TEN_K[1]),)


def test_older_pages_are_asked_as_far_back_as_was_said() -> None:
    files = [
        {"name": "CIK0000320193-submissions-001.json", "filingFrom": "2005-01-01", "filingTo": "2014-01-01"}
    ]
    first = submissions(TEN_K, files=files)
    asked: list[Any] = []
    pages = {
        "https://data/submissions/CIK0000320193.json": first,
        "https://data/submissions/CIK0000320193-submissions-001.json": json.dumps(filings(OLD)).encode(),
    }

    since = Source(Kind.EDGAR, "CIK0000320193", {"since": "2008-01-01", "forms": ["10-K"]})
    found = listing(since, {}, pages, asked)

    assert [item.version for page in found for item in page.items or ()] == [TEN_K[1], OLD[1]]
    assert edgar.read(first, APPLE, archives_url="").older == ()


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{}", b'{"filings": {}}', submissions(TEN_K).replace(b'["10-K"]', b"[]"), b"<html>"],
)
def test_an_answer_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(Rejected, match="cannot be read"):
        edgar.read(data, APPLE, archives_url="")


@pytest.mark.parametrize("document", ["../../x", "", "a/b.htm", "..", "x?y"])
def test_a_document_s_name_leads_nowhere_else(document: str) -> None:
    data = submissions((TEN_K[0], TEN_K[1], document, TEN_K[3]))

    assert edgar.read(data, APPLE, archives_url="").items == ()


def test_edgar_is_not_asked_by_nobody() -> None:
    assert check_user_agent("Acme jane@acme.example")
    with pytest.raises(Misconfigured, match="ESG_EDGAR_USER_AGENT"):
        check_user_agent("Acme")


# -- sources


@pytest.mark.parametrize(
    "source",
    [
        Source(Kind.EDGAR, "Apple"),
        Source(Kind.SITEMAP, "/etc/passwd"),
        Source(Kind.FOLDER, "/no/such/folder"),
        Source(Kind.URLS, "ftp://a.example/list"),
        Source(Kind.EDGAR, "1", {"since": "last year"}),
    ],
)
def test_a_source_that_cannot_be_meant_is_refused(source: Source) -> None:
    with pytest.raises(Rejected):
        validate(source)


def test_robots_are_heard_once_for_each_site() -> None:
    asked: list[str] = []

    def ask(url: str) -> Answer | None:
        asked.append(url)
        if "open" in url:
            raise Rejected("none", code="not_found")
        return Answer(url, b"User-agent: *\nDisallow: /private/\n", ())

    robots = Robots(ask)

    robots.check("https://a.example/r.pdf")
    robots.check("https://open.example/private/r.pdf")
    with pytest.raises(Rejected, match=r"robots\.txt"):
        robots.check("https://a.example/private/r.pdf")
    assert asked == ["https://a.example/robots.txt", "https://open.example/robots.txt"]
