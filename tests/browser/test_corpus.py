"""Many reports: companies side by side, years side by side, search through all of them."""

import re
from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import Open


def test_companies_are_chosen_and_compared(open_page: Open, corpus: dict[str, str]) -> None:
    page = open_page("/companies")
    for name in ("Kaldenbruck Group AG", "Quernlow Bakeries plc"):
        page.get_by_label(f"Compare {name}").check()
    page.get_by_role("button", name="Compare the chosen").click()

    heat = page.locator("table.heat")
    expect(heat.locator("tbody tr")).to_have_count(7)
    expect(heat.locator("thead")).to_contain_text("Quernlow Bakeries plc")
    panel = page.locator("table.panel")
    row = panel.locator("tr", has=page.get_by_role("rowheader", name="Scope 1", exact=True))
    expect(row).to_contain_text("tCO₂e")
    row.get_by_role("link").first.click()
    expect(page.locator(".figure-card").first).to_contain_text("Scope 1")


def test_who_has_no_scorecard_is_named(open_page: Open, corpus: dict[str, str]) -> None:
    page = open_page("/compare?company=nobody-inc&company=quernlow-bakeries-plc")
    expect(page.get_by_role("alert")).to_contain_text("nobody-inc")
    expect(page.locator("table.heat thead a")).to_have_count(1)


def test_a_company_shows_its_years_and_what_changed_with_both_quotes(
    open_page: Open, corpus: dict[str, str], card: dict[str, Any]
) -> None:
    page = open_page("/companies/kaldenbruck-group-ag")

    expect(page.locator("table.heat thead a")).to_have_text(["2024", "2025"])
    change = page.locator(".change").first
    sides = change.locator(".sides > div")
    expect(sides.nth(0)).to_contain_text("Level 2")
    expect(sides.nth(1)).to_contain_text("Level 4")
    for side in (0, 1):
        expect(sides.nth(side).locator("blockquote").first).to_be_visible()
    said = sides.nth(0).locator("blockquote").first
    said.locator("a").click()
    expect(page).to_have_url(re.compile(corpus["kaldenbruck"]))
    page.go_back()
    page.locator("table.heat thead a").first.click()
    expect(page.locator(".score")).to_contain_text(f"{card['overall']['score']:.2f}")


def test_search_marks_the_words_and_leads_to_the_page(open_page: Open, corpus: dict[str, str]) -> None:
    page = open_page("/search")
    page.get_by_label("What to look for").fill("energy consumption")
    page.get_by_label("Company").select_option("quernlow-bakeries-plc")
    page.get_by_role("button", name="Search").click()

    found = page.locator(".found li")
    expect(found.first).to_contain_text("Quernlow Bakeries plc")
    assert {text.lower() for text in page.locator("mark").all_inner_texts()} <= {"energy", "consumption"}
    assert all("Quernlow" in text for text in page.locator(".found .where").all_inner_texts())
    found.first.get_by_role("link").click()
    expect(page.locator("figure img")).to_be_visible()
    assert page.locator("figure img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 500


def test_a_search_for_nothing_that_is_there_says_so(open_page: Open, corpus: dict[str, str]) -> None:
    page = open_page("/search?q=energy&year=1999")
    expect(page.locator(".found")).to_contain_text("No passage of these reports fits")
