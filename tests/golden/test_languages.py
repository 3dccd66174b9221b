"""Short invented reports in other languages than English, through the whole flow: levels in their band."""

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from esg.domain import Page, Scorecard, Status
from esg.kpi.translate import translate
from esg.score import verify
from tests.fakes.in_order import words_ascend
from tests.golden.conftest import ScoreReport

REPORTS = Path(__file__).parent / "languages"
STEMS = sorted(path.stem for path in REPORTS.glob("*.html"))


class Scored(NamedTuple):
    stem: str
    bands: dict[str, tuple[int, int]]
    pages: tuple[Page, ...]
    card: Scorecard


@pytest.fixture(scope="module", params=STEMS)
def scored(request: pytest.FixtureRequest, score_report: ScoreReport) -> Scored:
    stem = request.param
    bands = json.loads((REPORTS / f"{stem}.levels.json").read_text(encoding="utf-8"))
    report = score_report(REPORTS / f"{stem}.html", company="Invented", year=2023)
    return Scored(stem, bands, *report)


def test_the_language_is_recognised(scored: Scored) -> None:
    assert scored.card.document.language == scored.stem.rpartition("-")[2]


def test_words_stand_in_the_order_of_the_text_in_english_too(scored: Scored) -> None:
    language = scored.card.document.language
    found = [translate(page, language=language, company="Invented") for page in scored.pages]
    in_english = [translation.page for translation in found if translation]

    assert len(in_english) == len(scored.pages)
    assert all(map(words_ascend, [*scored.pages, *in_english]))


def test_every_level_is_in_its_band(scored: Scored) -> None:
    bands = {code: tuple(band) for code, band in scored.bands.items()}
    outside = {
        theme.code: (theme.level, *bands[theme.code])
        for theme in scored.card.themes
        if not bands[theme.code][0] <= theme.level <= bands[theme.code][1]
    }

    assert outside == {}


def test_no_theme_is_silent(scored: Scored) -> None:
    assert [t.code for t in scored.card.themes if t.status is Status.NOT_DISCLOSED] == []


def test_the_scorecard_can_be_read_back_from_the_pages(scored: Scored) -> None:
    assert verify(scored.card, scored.pages) == []
    assert scored.card.parity.ok


def test_what_is_denied_or_planned_is_not_met(scored: Scored) -> None:
    met = {c.id for theme in scored.card.themes for c in theme.criteria if c.met}
    denied = {
        "wiesenau-2023-de": {
            "TSP.3.science",
            "TSP.3.scenario",
            "GHG.3.assured",
            "EI.3.monitoring",
            "OSP.4.system",
        },
        "linghe-2023-zh": {"TSP.3.science", "EI.3.monitoring"},
        "cavalente-2023-it": {
            "TSP.2.climate_target",
            "TSP.3.scenario",
            "RMM.3.quantified",
            "OSP.3.oversight",
        },
    }

    assert met & denied[scored.stem] == set()
