"""An analyst's review: written on the page, kept through a new score, exported as labels."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from playwright.sync_api import Page, expect

from esg.cli import main
from esg.evaluate.labels import read_labels
from tests.browser.conftest import Open
from tests.fakes.fleets import Fleet


def write(page: Page, review: Any, verdict: str, note: str = "") -> None:
    """Fill in and send the form of a `.review`."""
    review.locator("summary").click()
    review.get_by_label(verdict).check()
    review.get_by_label("Why").fill(note)
    review.get_by_label("Your name").fill("Ada Analyst")


def test_a_level_is_corrected_and_the_correction_outlives_a_new_score(
    page: Page, api: httpx.Client, fleet: Fleet, corpus: dict[str, str]
) -> None:
    theme = page.locator("#theme-TSP")
    write(page, theme.locator(".review"), "Correct", "the interim target is dated")
    theme.get_by_label("Right level").select_option("3")
    theme.get_by_label("lowest you could defend").select_option("2")
    theme.get_by_role("button", name="Save review").click()
    told = page.locator("#theme-TSP p.reviewed")
    expect(told).to_contain_text("Corrected to level 3")
    expect(told).to_contain_text("by Ada Analyst")
    expect(told).to_contain_text("the interim target is dated")

    asked = {"document_ids": [corpus["kaldenbruck"]], "force": True}
    jobs = api.post("/v1/scores", json=asked).json()["jobs"]
    fleet.until_scored([job["job_id"] for job in jobs])
    page.reload()

    expect(told).to_contain_text("Corrected to level 3")
    expect(page.locator("#theme-OSP .review [name=author]")).to_have_value("Ada Analyst")


def test_a_figure_and_a_quote_are_reviewed_where_they_stand(page: Page) -> None:
    page.locator(".kpis .cite").first.click()
    sheet = page.get_by_role("dialog")
    figure = sheet.locator(".figure-card").first
    write(page, figure.locator(".review"), "Accept")
    figure.get_by_role("button", name="Save review").click()
    expect(page.locator(".figure-card p.reviewed").first).to_contain_text("Accepted")

    quote = page.locator(".said > .review")
    write(page, quote, "Reject", "a caption")
    quote.get_by_role("button", name="Save review").click()
    expect(page.locator(".said > p.reviewed")).to_contain_text("Rejected")


def test_reviews_are_listed_and_lead_to_what_they_are_about(open_page: Open, page: Page) -> None:
    write(page, page.locator("#theme-DM .review"), "Accept")
    page.locator("#theme-DM").get_by_role("button", name="Save review").click()
    listed = open_page("/reviews")

    first = listed.locator(".rows li").first
    expect(first).to_contain_text("Ada Analyst")
    first.get_by_role("link").click()

    expect(listed.locator("#theme-DM p.reviewed")).to_contain_text("Accepted")


def test_reviews_become_labels_that_eval_reads(
    page: Page, fleet: Fleet, corpus: dict[str, str], card: dict[str, Any], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    write(page, page.locator("#theme-EI .review"), "Accept", "as printed")
    page.locator("#theme-EI").get_by_role("button", name="Save review").click()
    expect(page.locator("#theme-EI p.reviewed")).to_contain_text("Accepted")
    monkeypatch.setenv("ESG_HOME", str(fleet.home))

    result = CliRunner().invoke(main, ["export", "labels", "--out", str(tmp_path), "--json"])

    own = corpus["kaldenbruck"][:8]
    told = next(one for one in json.loads(result.stdout) if own in one["file"])
    label = next(one for one in read_labels(tmp_path / "labels") if own in one.file)
    ours = next(theme for theme in card["themes"] if theme["code"] == "EI")
    assert (label.file, label.levels["EI"].level) == (told["file"], ours["level"])
    assert label.levels["EI"].why == "as printed"
    assert (tmp_path / "reports" / label.file).stat().st_size > 1000


def test_a_correction_that_says_nothing_is_refused(page: Page) -> None:
    theme = page.locator("#theme-RMM")
    write(page, theme.locator(".review"), "Correct")
    theme.get_by_role("button", name="Save review").click()
    expect(page.get_by_role("alert")).to_contain_text("say what is right instead")
