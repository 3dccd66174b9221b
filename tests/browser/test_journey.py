"""From a file to a highlighted quote: uploaded, followed, opened; by mouse, by keys, without scripts."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.marked_words import marked_words
from tests.fakes.fleets import Fleet, write_report

SCORECARD = re.compile(r"/documents/[0-9a-f]{64}$")
EVIDENCE = re.compile(r"/documents/[0-9a-f]{64}/evidence/[0-9a-f]{16}")


def words(text: str) -> str:
    return " ".join(text.split())


def test_a_report_goes_from_the_form_through_its_stages_to_its_scorecard(
    open_page: Open, tmp_path: Path, fleet: Fleet
) -> None:
    report = write_report(tmp_path / "report.pdf", company="Fresh Harbour", pages=6, tag="by form")
    page = open_page("/")
    expect(page.locator(".fleet")).to_contain_text("workers ready")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    seen: list[str] = []
    page.expose_function("saw", lambda stage: seen.append(stage))
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => new MutationObserver(() => {"
        "const now = document.querySelector('.stages .now'); if (now) saw(now.dataset.stage);"
        "}).observe(document, {subtree: true, attributes: true, attributeFilter: ['class']}))"
    )

    page.get_by_label("Choose a report").set_input_files(report)
    page.get_by_label("Company").fill("Fresh Harbour")
    page.get_by_role("button", name="Score it").click()
    page.wait_for_url(SCORECARD)

    expect(page.locator("h1")).to_have_text("Fresh Harbour")
    expect(page.locator(".levels li")).to_have_count(7)
    assert any(url.endswith("/events") for url in asked)
    assert seen
    order = ["ingest", "embed", "index", "score"]
    assert [*map(order.index, seen)] == sorted(map(order.index, seen))


def test_a_file_can_be_dropped_anywhere_on_the_page(open_page: Open, tmp_path: Path, fleet: Fleet) -> None:
    data = write_report(tmp_path / "dropped.pdf", company="Dropped Goods", tag="by drop").read_bytes()
    page = open_page("/")
    page.get_by_label("Company").fill("Dropped Goods")

    page.evaluate(
        """(bytes) => {
            const moved = new DataTransfer();
            moved.items.add(new File([new Uint8Array(bytes)], "dropped.pdf", {type: "application/pdf"}));
            for (const type of ["dragenter", "drop"])
                document.querySelector("h1").dispatchEvent(
                    new DragEvent(type, {dataTransfer: moved, bubbles: true, cancelable: true}));
        }""",
        [*data],
    )

    page.wait_for_url(SCORECARD)
    expect(page.locator("h1")).to_have_text("Dropped Goods")


def test_an_address_that_is_pasted_is_put_into_its_field(open_page: Open) -> None:
    page = open_page("/")
    page.evaluate(
        """() => {
            const pasted = new DataTransfer();
            pasted.setData("text", "https://example.com/report.pdf");
            document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: pasted, bubbles: true}));
        }"""
    )
    field = page.get_by_label("or its address on the web")
    expect(field).to_have_value("https://example.com/report.pdf")
    expect(field).to_be_focused()


def test_what_is_no_report_is_refused_with_a_reason(open_page: Open, tmp_path: Path) -> None:
    (tmp_path / "picture.pdf").write_bytes(b"GIF89a")
    page = open_page("/")

    page.get_by_label("Choose a report").set_input_files(tmp_path / "picture.pdf")
    page.get_by_role("button", name="Score it").click()

    expect(page.get_by_role("alert")).to_contain_text("is named .pdf but is")


def test_the_words_that_are_highlighted_are_the_quote(
    page: Page, api: httpx.Client, fleet: Fleet, corpus: dict[str, str], card: dict[str, Any]
) -> None:
    pages = fleet.resources.lake.extraction(corpus["kaldenbruck"]).pages
    page.locator(".criterion").first.click()
    for _ in range(3):  # and the next two
        sheet = page.get_by_role("dialog")
        quote = sheet.locator(".said > blockquote")
        image = sheet.locator("figure img")
        expect(image).to_be_visible()
        image.evaluate("image => image.decode()")
        shown = next(e for e in card["evidence"] if e["id"] == page.url.split("/evidence/")[1][:16])

        png = api.get(image.get_attribute("src") or "").content

        assert words(quote.inner_text()) == words(shown["quote"])
        assert marked_words(png, pages[shown["page"] - 1]) == words(shown["quote"])
        if not sheet.locator("[rel=next]").count():
            break
        before = page.url
        page.keyboard.press("ArrowRight")
        page.wait_for_url(lambda url, before=before: url != before)
        expect(sheet.locator("#viewer")).to_have_attribute(
            "data-evidence-id", page.url.split("/evidence/")[1][:16]
        )


def test_each_quote_has_an_address_that_stays(page: Page, open_page: Open) -> None:
    scorecard = page.url
    page.locator(".criterion").first.click()
    page.wait_for_url(EVIDENCE)
    quote = page.get_by_role("dialog").locator(".said > blockquote").inner_text()
    address = page.get_by_role("link", name="Permanent link").get_attribute("href") or ""

    other = open_page(address)

    expect(other.locator(".said > blockquote")).to_have_text(quote)
    expect(other.get_by_role("dialog")).to_have_count(0)
    page.go_back()
    expect(page).to_have_url(scorecard)
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_everything_can_be_done_by_keys(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.criterion')"):
            break
    criterion = page.locator(".criterion:focus")
    expect(criterion).to_have_count(1)
    scorecard = page.url

    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog")
    expect(sheet.locator("#viewer")).to_be_visible()
    inside = page.evaluate("document.getElementById('sheet').contains(document.activeElement)")
    page.keyboard.press("Escape")

    assert inside
    expect(sheet).to_be_hidden()
    expect(page).to_have_url(scorecard)
    expect(criterion).to_be_focused()


def test_the_arrows_go_from_quote_to_quote_on_the_page_of_a_quote(
    open_page: Open, corpus: dict[str, str], card: dict[str, Any]
) -> None:
    theme = next(theme for theme in card["themes"] if len(theme["evidence"]) > 2)
    cited = [quote for criterion in theme["criteria"] for quote in criterion["evidence"]]
    first, second = [*dict.fromkeys(cited)][:2]
    here = f"/documents/{corpus['kaldenbruck']}/evidence"
    page = open_page(f"{here}/{first}?for={theme['code']}")

    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**{here}/{second}?for={theme['code']}")
    page.keyboard.press("ArrowLeft")

    page.wait_for_url(f"**{here}/{first}?for={theme['code']}")


def test_it_works_without_scripts(open_page: Open, tmp_path: Path, fleet: Fleet) -> None:
    report = write_report(tmp_path / "plain.pdf", company="Plain Paper", pages=4, tag="no script")
    page = open_page("/", java_script_enabled=False)

    page.get_by_label("Choose a report").set_input_files(report)
    page.get_by_role("button", name="Score it").click()
    page.wait_for_url(SCORECARD)  # the page of the job renews itself
    page.locator(".theme", has=page.locator(".cite").nth(1)).first.locator(".criterion").first.click()

    expect(page).to_have_url(EVIDENCE)
    expect(page.locator("figure img")).to_be_visible()
    assert page.locator("figure img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 500
    page.get_by_role("link", name="Next").first.click()
    expect(page.locator(".walk")).to_contain_text("2 of ")


@pytest.mark.parametrize("kind", ["PDF", "CSV", "Parquet", "JSON"])
def test_a_scorecard_can_be_taken_away(page: Page, kind: str) -> None:
    page.locator(".downloads summary").click()
    with page.expect_download() as download:
        page.get_by_role("link", name=kind, exact=True).click()
    assert download.value.suggested_filename.endswith(f".{kind.lower()}")
    assert Path(download.value.path()).stat().st_size > 1000
