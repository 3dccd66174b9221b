"""WCAG 2.2 AA by axe-core: every page, light and dark, wide and narrow."""

from importlib import resources
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open

AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SCREENS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}, "color_scheme": "light"},
}


def violations(page: Page) -> list[str]:
    page.wait_for_load_state("networkidle")
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:120]} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"][:3]
    ]


def is_too_wide(page: Page) -> bool:
    """Whether the page as a whole has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@pytest.mark.parametrize("screen", SCREENS)
def test_no_page_has_a_violation(
    open_page: Open, corpus: dict[str, str], card: dict[str, Any], screen: str
) -> None:
    here = f"/documents/{corpus['kaldenbruck']}"
    figure = next(kpi["evidence"] for kpi in card["kpis"])
    for path in (
        "/",
        here,
        f"{here}/evidence/{figure}?for=kpis",
        f"{here}/pages/2",
        "/companies",
        "/companies/kaldenbruck-group-ag",
        "/compare?company=kaldenbruck-group-ag&company=quernlow-bakeries-plc",
        "/search?q=energy",
        "/reviews",
        f"/documents/{'0' * 64}",
    ):
        page = open_page(path, **SCREENS[screen])
        page.locator("details:not(.downloads)").evaluate_all("all => all.forEach(one => one.open = true)")
        assert violations(page) == [], path
        assert not is_too_wide(page), path
        page.close()


@pytest.mark.parametrize("screen", SCREENS)
def test_the_sheet_and_the_forms_have_none_either(
    open_page: Open, corpus: dict[str, str], screen: str
) -> None:
    page = open_page(f"/documents/{corpus['kaldenbruck']}", **SCREENS[screen])
    review = page.locator("#theme-TSP .review")
    review.locator("summary").click()
    review.get_by_label("Correct").check()
    assert violations(page) == []

    page.locator(".criterion").first.click()
    page.get_by_role("dialog").locator("#viewer").wait_for()
    assert violations(page) == []


@pytest.mark.parametrize("screen", ["light", "dark"])
def test_the_page_of_a_job_has_none(open_page: Open, api: Any, screen: str) -> None:
    asked = {"url": "https://example.com/never.pdf", "company": "Never plc"}
    job = api.post("/v1/documents", json=asked).json()["job_id"]
    page = open_page("/", **SCREENS[screen])
    page.route("**/events", lambda route: route.fulfill(status=204))  # or the page goes on by itself

    page.goto(f"/jobs/{job}")

    assert violations(page) == []
