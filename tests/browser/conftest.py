"""A real Chromium in front of a live API with a real fleet; what a page may not do fails its test."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.watching import Watch
from tests.fakes.fleets import Fleet
from tests.fakes.samples import SAMPLES
from tests.fakes.serving import serving, upload

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
WIDE = {"width": 1280, "height": 860}
PATIENCE_MILLISECONDS = 60_000  # two cores draw pages and score reports at once

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    with Fleet(tmp_path_factory.mktemp("fleet")) as fleet:
        fleet.start("ingest", "embed", "index", "score", is_faulty=False)
        yield fleet


@pytest.fixture(scope="session")
def api(fleet: Fleet) -> Iterator[httpx.Client]:
    with serving(fleet.settings) as client:
        yield client


@pytest.fixture(scope="session")
def site(api: httpx.Client) -> str:
    return str(api.base_url).rstrip("/")


@pytest.fixture(scope="session")
def corpus(fleet: Fleet, api: httpx.Client, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Two companies, one of them with two years; document ids by name."""
    next_year = tmp_path_factory.mktemp("reports") / "next.pdf"
    next_year.write_bytes((SAMPLES / "lyngvarde-2024.pdf").read_bytes() + b"\n% another year\n")
    sent = {
        "kaldenbruck": upload(api, SAMPLES / "kaldenbruck-2024.pdf"),
        "next": upload(api, next_year, company="Kaldenbruck Group AG", year="2025"),
        "quernlow": upload(api, SAMPLES / "quernlow-2024.pdf"),
    }
    told = {name: answer.json() for name, answer in sent.items()}
    fleet.until_scored([one["job_id"] for one in told.values()])
    return {name: one["document_id"] for name, one in told.items()}


@pytest.fixture
def card(api: httpx.Client, corpus: dict[str, str]) -> dict[str, Any]:
    """The scorecard of the document that most tests open."""
    found: dict[str, Any] = api.get(f"/v1/documents/{corpus['kaldenbruck']}/scorecard").json()
    return found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    assert path, "no Chromium is installed: make test-browser installs Debian's"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, site: str) -> Iterator[Open]:
    """Open an address of the site in a browser of its own; `options` are Playwright's of a context."""
    contexts: list[tuple[BrowserContext, Watch]] = []

    def open_page(path: str = "/", **options: Any) -> Page:
        context = chromium.new_context(base_url=site, **({"viewport": WIDE} | options))
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        contexts.append((context, Watch(context, site)))
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context, watch in contexts:
        context.close()
        assert watch.complaints == []


@pytest.fixture
def page(open_page: Open, corpus: dict[str, str]) -> Page:
    """The scorecard of the document that most tests open."""
    return open_page(f"/documents/{corpus['kaldenbruck']}")


@pytest.fixture
def album(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Where pictures of the pages go: a folder of the test, or docs/images for `make screenshots`."""
    chosen = request.config.getoption("--screenshots")
    return Path(chosen) if chosen else tmp_path


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--screenshots", help="Folder to put the README's pictures of the pages into.")
