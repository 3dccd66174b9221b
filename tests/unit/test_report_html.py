"""scorecard → HTML: one page that stands alone, says all, and runs nothing a report says."""

import base64
import copy
import re
import struct
import zlib
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from esg.domain import CriterionResult, Evidence, Proposals, Scorecard, Status
from esg.report import from_dict, to_dict, to_html
from esg.rubric import Rubric
from tests.fakes.scorecards import scorecard

EVIL = "\"'><script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }} \u202e\x1b[31m\x00"


def png(width: int = 3, height: int = 2) -> bytes:
    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"".join(b"\0" + b"\xff" * width for _ in range(height)))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", rows) + part(b"IEND", b"")


def page(card: Scorecard | None = None, **options: Any) -> tuple[str, LexborHTMLParser]:
    html = to_html(card or scorecard(), **options)
    return html, LexborHTMLParser(html)


def hostile() -> Scorecard:
    """Put markup, template code and control characters into every free text."""

    def poison(node: Any, key: str = "") -> Any:
        if isinstance(node, dict):
            return {k: poison(v, k) for k, v in node.items()}
        if isinstance(node, list):
            return [poison(item, key) for item in node]
        free = {"company", "source", "language", "title", "rationale", "quote", "printed_page", "boundary"}
        free |= {"raw_value", "raw_unit", "unit", "period", "method", "flags", "value", "claim", "kpi"}
        free |= {"version", "embedder", "judge", "grade", "chunk_id"}
        return EVIL if isinstance(node, str) and key in free else node

    return from_dict(poison(copy.deepcopy(to_dict(scorecard()))))


def test_the_page_asks_for_nothing_outside_itself() -> None:
    html, tree = page(page_png=lambda evidence: png())
    links = [node.attributes[name] or "" for name in ("src", "href") for node in tree.css(f"[{name}]")]
    assert links
    assert all(link.startswith(("#", "data:")) for link in links)
    assert "@import" not in html
    assert "url(" not in html
    assert not re.search(r"https?://", html)


def test_the_page_has_no_script_handler_or_inline_style() -> None:
    _, tree = page(page_png=lambda evidence: png())
    assert not tree.css("script, iframe, object, embed, base, form")
    names = {name for node in tree.css("*") for name in node.attributes}
    assert not [name for name in names if name.startswith("on") or name == "style"]


def test_the_policy_allows_exactly_the_one_style_sheet() -> None:
    html, tree = page()
    (sheet,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = base64.b64encode(sha256(sheet.encode()).digest()).decode()
    policy = tree.css_first("meta[http-equiv]").attributes["content"] or ""
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}';")
    assert "unsafe" not in policy


def test_hostile_words_stay_words() -> None:
    html, tree = page(hostile())
    assert not tree.css("script")
    assert not tree.css("img")
    assert "\u202e" not in html
    assert "\x1b" not in html
    assert "\x00" not in html
    assert "{{ 7*7 }}" in html
    assert "⟨U+202E⟩␛[31m" in html
    names = {name for node in tree.css("*") for name in node.attributes}
    assert not [name for name in names if name.startswith("on")]


def test_every_link_in_the_page_leads_somewhere() -> None:
    _, tree = page()
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids))
    targets = {(node.attributes["href"] or "")[1:] for node in tree.css('a[href^="#"]')}
    assert len(targets) > 20
    assert targets <= set(ids)
    assert all(node.attributes["aria-labelledby"] in ids for node in tree.css("[aria-labelledby]"))


def test_every_quote_is_shown_with_page_image_and_hash() -> None:
    card = scorecard()
    seen: list[str] = []

    def shot(evidence: Evidence) -> bytes:
        seen.append(evidence.id)
        return png(30, 20)

    html, tree = page(card, page_png=shot)
    assert sorted(seen) == sorted(e.id for e in card.evidence)
    for evidence in card.evidence:
        article = tree.css_first(f"#e-{evidence.id}")
        assert article.css_first("blockquote").text() == evidence.quote
        assert f"Page {evidence.page}" in article.text()
        assert f"printed as {evidence.printed_page}" in article.text()
        assert evidence.sha256 in article.text()
        image = article.css_first("img")
        assert (image.attributes["width"], image.attributes["height"]) == ("30", "20")
        assert image.attributes["alt"]
    assert html.count("data:image/png;base64,") == len(card.evidence)


@pytest.mark.parametrize("empty", [b"", None])
def test_without_images_there_are_no_figures(empty: bytes | None) -> None:
    _, tree = page(page_png=None if empty is None else lambda evidence: b"")
    assert not tree.css("figure")


def test_what_was_guessed_is_marked() -> None:
    assert len(page(scorecard(guessed=True))[1].css(".masthead .pill.guess")) == 2
    assert not page(scorecard(guessed=False))[1].css(".masthead .pill.guess")


def test_levels_confidence_and_status_are_written_in_words() -> None:
    _, tree = page()
    ghg, rmm = tree.css_first("#theme-GHG").text(), tree.css_first("#theme-RMM").text()
    assert "Level 3 of 4" in " ".join(ghg.split())
    assert "88% confidence" in ghg
    assert "3 of 4 criteria met" in ghg
    assert "Not disclosed" in rmm
    assert "Established" in tree.css_first(".grade").text()


def test_a_report_that_could_not_be_judged_has_no_level_and_no_grade() -> None:
    card = scorecard()
    unread = tuple(replace(t, level=0, confidence=0.0, status=Status.UNREADABLE) for t in card.themes)
    _, tree = page(replace(card, themes=unread))
    assert "Not judged" in tree.css_first(".grade").text()
    assert "No level" in tree.css_first("#theme-GHG").text()
    assert tree.css_first("ol.levels .figure").text() == "–/4"
    assert tree.css_first(".next") is None


def test_kpis_show_raw_and_normalised_values() -> None:
    _, tree = page()
    cells = [" ".join(row.text().split()) for row in tree.css("#kpis tbody tr")]
    assert "Scope 2, market-based FY23 4,020 tCO₂e 4.02 kt market group – p. 18" in cells
    assert any("Restated" in cell and "13,120" in cell for cell in cells)
    assert any("Year on year x10" in cell for cell in cells)


def test_an_empty_scorecard_says_what_is_missing() -> None:
    card = replace(scorecard(), kpis=(), claims=(), frameworks=(), evidence=(), themes=())
    _, tree = page(card)
    text = tree.body.text() if tree.body else ""
    assert "No key figure was found" in text
    assert not tree.css(".radar")


def test_the_page_is_the_same_each_time() -> None:
    assert to_html(scorecard(), page_png=lambda e: png()) == to_html(scorecard(), page_png=lambda e: png())


def test_the_shipped_rubric_gives_its_sentences(maturity: Rubric) -> None:
    theme = maturity.theme("GHG")
    criterion = theme.of_level(1)[0]
    card = scorecard()
    result = CriterionResult(criterion.id, 1, True, card.themes[3].evidence[:1])
    themes = (*card.themes[:3], replace(card.themes[3], criteria=(result,)), *card.themes[4:])
    card = replace(card, rubric_id=maturity.id, rubric_version=maturity.version, themes=themes)

    _, tree = page(card)
    shown = tree.css_first("#theme-GHG").text()
    assert criterion.text in shown
    assert theme.definition in shown
    assert next(demand.text for demand in theme.demands if demand.level == 4) in shown


@pytest.mark.parametrize(("rubric", "version"), [("maturity", "0"), ("../../etc/passwd", "1"), ("own", "1")])
def test_another_rubric_leaves_the_ids(rubric: str, version: str) -> None:
    _, tree = page(replace(scorecard(), rubric_id=rubric, rubric_version=version))
    assert "GHG.1.1" in tree.css_first("#theme-GHG").text()


def test_the_page_says_who_judged_instead_and_what_a_model_proposed() -> None:
    note = "m was asked, but it did not answer; local-1 judged the whole document."

    _, tree = page(replace(scorecard(), judge_note=note, proposals=Proposals(kept=3, unheard=4)))

    about = " ".join(tree.css_first("#about").text().split())
    assert note in about
    assert "proposed 7 quotes; 3 stood the test" in about
