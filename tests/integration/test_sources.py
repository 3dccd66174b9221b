"""Sources looked at again over real sockets: unchanged costs a request, changed is submitted once."""

import gzip
import json
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from esg.cli import main
from esg.domain import document_id
from esg.rescan import scan
from esg.resources import Resources, open_resources
from esg.settings import Settings
from esg.state import Done
from tasks.ingest import ingest_scan, ingest_sources
from tests.fakes.fleets import write_report
from tests.fakes.web import Fault, Site, site

AGENT = "Acme Research jane@acme.example"


@pytest.fixture(scope="module")
def pdfs(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    folder = tmp_path_factory.mktemp("pdfs")
    return [write_report(folder / f"{n}.pdf", pages=1, tag=str(n)).read_bytes() for n in range(3)]


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as found:
        yield found


@pytest.fixture
def settings(tmp_path: Path, web: Site) -> Settings:
    return Settings(
        home=tmp_path / "home", fetch_allow_private=True, source_interval_seconds=0, fetch_timeout_seconds=5,
        edgar_user_agent=AGENT, edgar_url=f"{web.url}/data", edgar_archives_url=web.url,
    )  # fmt: skip


@pytest.fixture
def opened(settings: Settings) -> Iterator[Resources]:
    found = open_resources(settings)
    yield found
    found.state.close()


@pytest.fixture
def esg(settings: Settings) -> Callable[..., Any]:
    """Run a command with these settings; gives what it printed as JSON, or its words on an error."""
    names = ("home", "fetch_allow_private", "source_interval_seconds", "fetch_timeout_seconds", "edgar_url",
             "edgar_archives_url", "edgar_user_agent")  # fmt: skip
    environment = {f"ESG_{name.upper()}": str(getattr(settings, name)) for name in names}

    def run(*arguments: str, code: int = 0, **other: str) -> Any:
        ran = CliRunner(env=environment | other).invoke(main, (*arguments, "--json"))
        assert ran.exit_code == code, ran.output
        return ran.stderr if code else json.loads(ran.stdout)

    return run


def submitted(opened: Resources) -> list[tuple[str, str | None]]:
    return sorted((job.source, job.document_id) for job in opened.state.jobs())


def pages_of(web: Site, *paths: str, **changed: str) -> bytes:
    lastmod = {path: f"<lastmod>{day}</lastmod>" for path, day in changed.items()}
    urls = (f"<url><loc>{web.url}/{path}</loc>{lastmod.get(path, '')}</url>" for path in paths)
    return f"<urlset>{''.join(urls)}</urlset>".encode()


def test_a_sitemap_is_followed_and_an_unchanged_one_costs_a_request_and_no_bytes(
    web: Site, opened: Resources, esg: Any, pdfs: list[bytes]
) -> None:
    part = f"<sitemap><loc>{web.url}/1.xml.gz</loc></sitemap>"
    web.pages = {
        "/sitemap.xml": f"<sitemapindex>{part}</sitemapindex>".encode(),
        "/1.xml.gz": gzip.compress(pages_of(web, "a.pdf", "b.pdf", "page.html", "private/c.pdf")),
        "/a.pdf": pdfs[0],
        "/b.pdf": pdfs[1],
        "/private/c.pdf": pdfs[2],
        "/robots.txt": b"User-agent: *\nDisallow: /private/\n",
    }
    source = esg("sources", "add", "sitemap", f"{web.url}/sitemap.xml")["id"]

    (first,) = esg("sources", "scan")
    asked, web.asked = web.paths(), []
    (second,) = esg("sources", "scan", source[:8])

    assert (first["items"], first["documents"], first["failing"]) == (3, 2, 1)
    assert (second["items"], second["documents"], second["error"]) == (3, 2, "")
    assert submitted(opened) == [(f"{web.url}/{n}.pdf", document_id(pdfs[at])) for at, n in enumerate("ab")]
    assert "/private/c.pdf" not in asked + web.paths()
    assert sorted(web.paths()) == ["/1.xml.gz", "/a.pdf", "/b.pdf", "/robots.txt", "/sitemap.xml"]
    assert {one.status for one in web.asked if one.path != "/robots.txt"} == {304}
    assert "does not want" in next(row["error"] for row in esg("sources", "show", source) if row["error"])


def test_a_sitemap_that_says_when_pages_changed_spares_asking_them(
    web: Site, opened: Resources, esg: Any, pdfs: list[bytes]
) -> None:
    web.pages = {"/s.xml": pages_of(web, "a.pdf", **{"a.pdf": "2026-01-01"}), "/a.pdf": pdfs[0]}
    esg("sources", "add", "sitemap", f"{web.url}/s.xml")
    esg("sources", "scan")
    web.asked = []

    esg("sources", "scan")
    assert web.paths() == ["/s.xml"]
    assert web.sent() == 0

    web.pages |= {"/s.xml": pages_of(web, "a.pdf", **{"a.pdf": "2026-02-02"}), "/a.pdf": pdfs[1]}
    esg("sources", "scan")
    esg("sources", "scan")
    assert [name for _, name in submitted(opened)] == sorted(map(document_id, pdfs[:2]))


def test_a_list_of_urls_is_asked_again_and_what_changed_is_submitted_once(
    web: Site, opened: Resources, esg: Any, pdfs: list[bytes], tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"url,company,year\n{web.url}/a.pdf,Acme AG,2024\n{web.url}/b.pdf\n{web.url}/no.pdf\n")
    web.pages = {"/a.pdf": pdfs[0], "/b.pdf": b"<rss>no report</rss>"}
    web.faults = {"/no.pdf": Fault(500)}
    esg("sources", "add", "urls", str(path))

    (first,) = esg("sources", "scan")
    web.asked = []
    (second,) = esg("sources", "scan")
    web.pages["/a.pdf"] = pdfs[1]
    path.write_text(path.read_text().replace("b.pdf", "c.pdf"))
    (third,) = esg("sources", "scan")
    esg("sources", "scan")

    assert (first["items"], first["documents"], first["failing"]) == (3, 1, 2)
    assert (second["failing"], second["error"]) == (2, "")
    assert [one.status for one in web.asked if one.path == "/b.pdf"] == [304]  # it is no report, still
    assert (third["items"], third["gone"]) == (4, 2)  # b.pdf is not listed, c.pdf is not there
    assert submitted(opened) == sorted((f"{web.url}/a.pdf", document_id(pdf)) for pdf in pdfs[:2])
    jobs = opened.state.jobs()
    assert {(job.company, job.year) for job in jobs} == {("Acme AG", 2024)}


def test_edgar_is_asked_by_its_rules_and_a_filing_once(web: Site, opened: Resources, esg: Any) -> None:
    filings = {
        "form": ["10-K", "8-K"],
        "accessionNumber": ["0000320193-24-000123", "0000320193-24-000120"],
        "primaryDocument": ["k.htm", "8k.htm"],
        "filingDate": ["2024-11-01", "2024-10-31"],
    }
    where = "/data/submissions/CIK0000320193.json"
    filing = "/Archives/edgar/data/320193/000032019324000123/k.htm"
    web.pages = {
        where: json.dumps({"name": "Apple Inc.", "filings": {"recent": filings, "files": []}}).encode(),
        filing: b"<html><head><title>10-K</title></head><body><p>Our emissions fell.</p></body></html>",
    }
    esg("sources", "add", "edgar", "320193")

    (first,) = esg("sources", "scan")
    (second,) = esg("sources", "scan")

    assert (first["documents"], second["documents"], second["error"]) == (1, 1, "")
    assert web.paths() == [where, filing, where]
    assert {one.agent for one in web.asked} == {AGENT}
    assert min(b.at - a.at for a, b in zip(web.asked, web.asked[1:], strict=False)) >= 0.1
    assert [job.company for job in opened.state.jobs()] == ["Apple Inc."]
    assert "ESG_EDGAR_USER_AGENT" in esg("sources", "add", "edgar", "1", code=2, ESG_EDGAR_USER_AGENT="")


@pytest.mark.parametrize(
    ("fault", "told", "least"),
    [
        (Fault(429, retry_after="3000"), "429", 3000),
        (Fault(403), "refuses access", 300),
        (Fault(500), "500", 300),
        (Fault(seconds=6), "in time", 300),
    ],
)
def test_a_source_that_fails_is_told_waits_and_stops_no_other(
    web: Site, opened: Resources, esg: Any, pdfs: list[bytes], fault: Fault, told: str, least: float
) -> None:
    web.faults = {"/bad.xml": fault}
    web.pages = {"/good.xml": pages_of(web, "a.pdf"), "/a.pdf": pdfs[0]}
    for name in ("bad", "good"):
        esg("sources", "add", "sitemap", f"{web.url}/{name}.xml")

    bad, good = sorted(esg("sources", "scan"), key=lambda row: str(row["location"]))

    assert told in bad["error"]
    assert (bad["failures"], good["failures"], good["documents"]) == (1, 0, 1)
    (record,) = (r for r in opened.state.sources() if r.error)
    assert record.next_scan.timestamp() - time.time() > least - 60
    assert told in next(row["error"] for row in esg("sources", "list") if row["error"])


def test_a_host_that_asks_for_patience_ends_the_scan_and_the_next_goes_on(
    web: Site, opened: Resources, esg: Any, pdfs: list[bytes]
) -> None:
    web.pages = {"/s.xml": pages_of(web, "a.pdf", "b.pdf", "c.pdf")}
    web.pages |= {f"/{name}.pdf": pdf for name, pdf in zip("abc", pdfs, strict=True)}
    web.faults = {"/b.pdf": Fault(429, retry_after="1")}
    esg("sources", "add", "sitemap", f"{web.url}/s.xml")

    (first,) = esg("sources", "scan")
    web.faults = {}
    (second,) = esg("sources", "scan")

    assert (first["documents"], first["failures"]) == (1, 1)
    assert (second["documents"], second["failures"]) == (3, 0)
    assert len(submitted(opened)) == 3


def test_what_the_web_lists_leads_to_no_file_and_no_private_address(
    web: Site, opened: Resources, esg: Any, pdfs: list[bytes], tmp_path: Path
) -> None:
    (tmp_path / "secret.pdf").write_bytes(pdfs[0])
    places = (f"{tmp_path}/secret.pdf", f"file://{tmp_path}/secret.pdf")
    urls = "".join(f"<url><loc>{place}</loc></url>" for place in places)
    web.pages = {"/s.xml": f"<urlset>{urls}</urlset>".encode()}
    esg("sources", "add", "sitemap", f"{web.url}/s.xml")

    (found,) = esg("sources", "scan")
    assert (found["items"], found["documents"], found["failing"]) == (2, 0, 2)
    web.asked = []
    (refused,) = esg("sources", "scan", ESG_FETCH_ALLOW_PRIVATE="false")

    assert "not a public internet address" in refused["error"]
    assert web.asked == []
    assert submitted(opened) == []


def test_two_sources_of_a_host_ask_it_one_at_a_time(
    web: Site, opened: Resources, settings: Settings, esg: Any, pdfs: list[bytes]
) -> None:
    names = "abc"
    web.pages = {f"/{n}.pdf": pdf for n, pdf in zip(names, pdfs, strict=True)}
    web.pages |= {f"/{s}.xml": pages_of(web, *(f"{n}.pdf" for n in names)) for s in "st"}
    sources = [esg("sources", "add", "sitemap", f"{web.url}/{s}.xml")["id"] for s in "st"]
    others = [open_resources(settings) for _ in sources]

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(scan, others, sources)) == [False, False]

    assert web.most_at_once == 1
    assert len(submitted(opened)) == 3  # each once, though both list it
    for other in others:
        other.state.close()


def test_a_folder_gives_each_file_once_for_each_content(
    opened: Resources, esg: Any, pdfs: list[bytes], tmp_path: Path
) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()

    def put(name: str, data: bytes) -> None:
        (folder / name).write_bytes(data)
        os.utime(folder / name, (time.time() - 60,) * 2)

    put("a.pdf", pdfs[0])
    put("b.pdf", pdfs[1])
    esg("sources", "add", "folder", str(folder))
    esg("sources", "scan")
    put("a.pdf", pdfs[2] + b"\n")
    (folder / "b.pdf").unlink()
    (folder / "growing.pdf").write_bytes(pdfs[0])
    (last,) = esg("sources", "scan")

    assert (last["items"], last["documents"], last["gone"]) == (2, 2, 1)
    assert len(submitted(opened)) == 3
    assert opened.lake.has_original(document_id(pdfs[1]))  # gone is noted, nothing is deleted


def test_the_fleet_s_tasks_scan_what_is_due_in_slices(
    web: Site, opened: Resources, pdfs: list[bytes], esg: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.pages = {"/s.xml": pages_of(web, "a.pdf", "b.pdf")} | {"/a.pdf": pdfs[0], "/b.pdf": pdfs[1]}
    source = esg("sources", "add", "sitemap", f"{web.url}/s.xml")["id"]
    monkeypatch.setattr("tasks.ingest.resources", lambda: opened)

    for _ in range(2):  # a message may come twice
        ingest_sources.run(call="sources 1")
    assert opened.state.stage_counts() == {"ingest": {"pending": 1}}
    assert scan(opened, source, seconds=0.0)  # no time for a document: there is something left
    assert opened.state.due_sources() == []  # it is under way

    assert ingest_scan.run(source=source) == Done()
    assert ingest_scan.run(source=source) == Done()  # nothing is due
    assert len(submitted(opened)) == 2
    ingest_sources.run(call="sources 2")
    assert opened.state.stage_counts() == {"ingest": {"pending": 3}}  # the scan, and what it found
