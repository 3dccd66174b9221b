"""A report full of markup: every word of it is shown as a word, on every page that shows it."""

from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.fakes.fleets import Fleet
from tests.fakes.serving import upload

EVIL = "<script>window.owned=1</script><img src=x onerror=window.owned=1><b>{{ 7*7 }}</b>"
SHOWN = EVIL.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
REPORT = f"""<!doctype html>
<html lang="en"><head><title>{SHOWN} Sustainability Report 2024</title></head><body>
<h1>{SHOWN} Sustainability Report 2024</h1>
<p>{SHOWN} has set a target to reduce its Scope 1 emissions by 42% by 2030 from a 2019 base year.</p>
<p>The target {SHOWN} was validated by the Science Based Targets initiative in 2023.</p>
<p>Our Scope 1 emissions {SHOWN} were 1,234 tCO2e in 2024 and our energy use was 5,678 MWh in 2024.</p>
<p>The board of directors {SHOWN} reviews climate risks twice a year.</p>
<p>javascript:alert(1) A limited assurance statement {SHOWN} was provided by an independent auditor.</p>
</body></html>"""


@pytest.fixture(scope="module")
def hostile(api: httpx.Client, fleet: Fleet, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The id of a document whose report and whose company are markup."""
    path: Path = tmp_path_factory.mktemp("hostile") / "evil.html"
    path.write_text(REPORT)
    told = upload(api, path, company=EVIL, year="2024").json()
    fleet.until_scored([told["job_id"]])
    return str(told["document_id"])


def test_no_page_runs_what_a_report_says(open_page: Open, api: httpx.Client, hostile: str) -> None:
    card = api.get(f"/v1/documents/{hostile}/scorecard").json()
    assert any("<script>" in e["quote"] for e in card["evidence"]), "the report's markup is not in any quote"
    (company,) = (c for c in api.get("/v1/companies").json()["companies"] if "<script>" in c["name"])
    quote = card["evidence"][0]["id"]
    for path in (
        "/",
        f"/documents/{hostile}",
        f"/documents/{hostile}/evidence/{quote}",
        f"/documents/{hostile}/pages/1",
        "/companies",
        f"/companies/{company['slug']}",
        f"/compare?company={company['slug']}",
        "/search?q=Science+Based+Targets",
        f"/search?q={EVIL}",
    ):
        page = open_page(path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.owned") is None, path
        assert page.locator("body img[src=x], body b, main script").count() == 0, path
        expect(page.locator("body")).to_contain_text("<script>window.owned=1</script>")


def test_a_review_is_only_words(open_page: Open, hostile: str) -> None:
    page = open_page(f"/documents/{hostile}")
    review = page.locator("#theme-TSP .review")
    review.locator("summary").click()
    review.get_by_label("Accept").check()
    review.get_by_label("Why").fill(EVIL)
    review.get_by_label("Your name").fill(EVIL[:80])
    review.get_by_role("button").click()
    for path in (None, "/reviews"):
        if path:
            page.goto(path)
        expect(page.locator("body")).to_contain_text(EVIL)
        assert page.evaluate("window.owned") is None
