"""The README's pictures of the pages: `make screenshots` keeps what these tests see."""

import io
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page

from tests.browser.conftest import Open

COLOURS = 128  # a page has few: a palette keeps the picture small


def keep(page: Page, path: Path) -> Image.Image:
    page.wait_for_load_state("networkidle")
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    path.parent.mkdir(parents=True, exist_ok=True)
    shot.quantize(COLOURS, method=Image.Quantize.MEDIANCUT).save(path, optimize=True)
    return shot


def test_the_scorecard_at_a_glance(page: Page, album: Path) -> None:
    shot = keep(page, album / "scorecard.png")
    assert len(shot.getcolors(1 << 24) or []) > 50


def test_a_quote_beside_its_page(page: Page, album: Path) -> None:
    page.locator(".criterion").first.click()
    image = page.get_by_role("dialog").locator("figure img")
    image.evaluate("image => image.decode()")
    page.evaluate("document.activeElement.blur()")
    shot = keep(page, album / "evidence.png")
    marker = sum(count for count, colour in shot.getcolors(1 << 24) or [] if colour == (255, 233, 120))
    assert marker > 200, "the highlighted words are not in sight"


def test_companies_side_by_side(open_page: Open, corpus: dict[str, Any], album: Path) -> None:
    dark = {"color_scheme": "dark"}
    page = open_page("/compare?company=kaldenbruck-group-ag&company=quernlow-bakeries-plc", **dark)
    shot = keep(page, album / "compare.png")
    assert len(shot.getcolors(1 << 24) or []) > 50
