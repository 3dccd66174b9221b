"""Labels beside scorecards: levels inside bands; figures right, wrong in a nameable way, or missing."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from esg import evaluate
from esg.domain import Kpi, Legibility, Page, Scorecard, Status
from esg.errors import NotFound, Rejected
from esg.evaluate.kpis import Kind
from esg.evaluate.labels import LabelledReport
from tests.fakes.scorecards import scorecard

LABEL = {
    "file": "brisk-2023.pdf",
    "company": "Brisk Harbour plc",
    "year": 2023,
    "levels": {
        "TSP": {
            "level": 3,
            "low": 2,
            "high": 3,
            "evidence": [{"page": 7, "quote": "a target"}],
            "why": "dated",
        },
        "RMM": {"level": 2, "low": 2, "high": 2, "second_reader": {"level": 1, "low": 1, "high": 2}},
    },
    "kpis": [
        {
            "kpi": "scope1",
            "value": 12.48,
            "unit": "ktCO2e",
            "year": "FY23",
            "page": 18,
            "quote": "Scope 1 12.48",
        },
        {"kpi": "scope2_market", "value": 4020, "unit": "t CO2e", "year": "2022/23", "page": 18},
        {"kpi": "scope1", "value": 11_000, "unit": "tCO2e", "year": "2022", "page": 18},
        {"kpi": "total_ghg", "value": 50_000, "unit": "t", "year": "2023", "page": 18},
    ],
}


@pytest.fixture
def label(tmp_path: Path) -> LabelledReport:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "brisk.json").write_text(json.dumps(LABEL))
    (read,) = evaluate.read_labels(tmp_path)
    return read


def figure(card: Scorecard, kpi: str, value: float, *, year: int = 2023, flags: tuple[str, ...] = ()) -> Kpi:
    return replace(card.kpis[0], kpi=kpi, value=value, fiscal_year=year, flags=flags)


def test_a_band_is_what_either_reader_could_defend(label: LabelledReport) -> None:
    assert (label.levels["RMM"].low, label.levels["RMM"].high) == (1, 2)
    assert label.levels["TSP"].quotes == ("a target",)


def test_labels_that_are_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        evaluate.read_labels(tmp_path)
    (tmp_path / "bad.json").write_text('{"company": "Acme"}')
    with pytest.raises(Rejected, match=r"bad\.json"):
        evaluate.read_labels(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        *("7", "[]", "null", '{"file": "a", "levels": []}', '{"file": "a", "kpis": [7]}', "[" * 100_000),
        '{"file": "a", "year": "last"}',
    ],
)
def test_labels_of_the_wrong_kind_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "labels.json"
    path.write_text(text)

    with pytest.raises(Rejected) as refusal:
        evaluate.read_labels(path)

    assert refusal.value.code == "bad_labels"


def test_a_year_may_be_text_and_a_file_a_number(tmp_path: Path) -> None:
    (tmp_path / "labels.json").write_text('{"file": 3, "year": "2023"}')
    (read,) = evaluate.read_labels(tmp_path)
    assert (read.file, read.year) == ("3", 2023)


def test_levels_are_judged_by_the_band(label: LabelledReport) -> None:
    card = scorecard()
    levels = {"TSP": 2, "RMM": 0}
    themes = tuple(replace(t, level=levels[t.code]) for t in card.themes if t.code in levels)
    rows = evaluate.compare_levels(label, replace(card, themes=themes))

    found = evaluate.summarise_levels([rows])

    assert (found["in_band"], found["exact"], found["mae"]) == (0.5, 0.0, 1.5)
    assert found["themes"]["RMM"]["bias"] == -2
    assert found["confusion"][3] == [0, 0, 1, 0, 0]
    (error,) = evaluate.level_errors([rows])
    assert (error["theme"], error["ours"], error["band"]) == ("RMM", 0, [1, 2])


def test_silence_is_right_where_a_reader_could_say_zero(label: LabelledReport) -> None:
    card = scorecard()
    silent = tuple(
        replace(t, level=0, status=Status.NOT_DISCLOSED) for t in card.themes if t.code in label.levels
    )
    found = evaluate.summarise_levels([evaluate.compare_levels(label, replace(card, themes=silent))])
    assert (found["not_disclosed"], found["not_disclosed_precision"]) == (2, 0.0)


@pytest.mark.parametrize(
    ("kpi", "value", "year", "kind"),
    [
        ("scope1", 12_480.0, 2023, Kind.RIGHT),
        ("scope1", 12_400.0, 2023, Kind.RIGHT),  # within one per cent
        ("scope1", 12_300.0, 2023, Kind.VALUE),
        ("scope1", 12.48, 2023, Kind.POWER),
        ("scope1", 12_480.0, 2022, Kind.YEAR),
        ("scope2_location", 4020.0, 2023, Kind.METHOD),
        ("scope2_market", 4020.0, 2023, Kind.RIGHT),
        ("scope3", 7.0, 2023, Kind.UNLABELLED),
    ],
)
def test_a_figure_is_right_or_wrong_in_a_way_that_has_a_name(
    label: LabelledReport, kpi: str, value: float, year: int, kind: Kind
) -> None:
    card = scorecard()
    reading = evaluate.compare_kpis(label, replace(card, kpis=(figure(card, kpi, value, year=year),)))
    assert [k for _, k in reading.printed] == [kind]
    assert len(reading.missing) == 4 - (kind is Kind.RIGHT)


def test_precision_recall_and_what_is_wrong_without_a_warning(label: LabelledReport) -> None:
    card = scorecard()
    kpis = (
        figure(card, "scope1", 12_480),
        figure(card, "scope1", 12_480),  # a label counts once
        figure(card, "total_ghg", 50_000_000),
        figure(card, "scope2_location", 4020, flags=("jump_x10",)),
        figure(card, "scope3_cat6", 3),  # not a KPI that labels know
        figure(card, "scope1", 9_000, year=2019),  # nor a year
    )
    reading = evaluate.compare_kpis(label, replace(card, kpis=kpis))

    found = evaluate.summarise_kpis([reading], [])

    assert (found["precision"], found["recall"]) == (0.25, 0.25)
    assert found["wrong_quietly"] == 1
    assert found["kpis"]["scope1"] == {"gold": 2, "right": 1, "wrong": 1, "missing": 1}
    kinds = {error["kind"] for error in evaluate.kpi_errors([reading])}
    assert kinds == {"value", "power", "method", "missing"}


def test_a_careless_reader_takes_the_first_number(label: LabelledReport) -> None:
    text = "In 2023 our Scope 1 emissions were 12,480 tCO2e and Scope 2 rose.\nEmployees 31"
    pages = [Page("d" * 64, 1, "", 595, 842, text, (), (), (), "en", Legibility.TEXT)]
    figures = {f.kpi: f.value for f in evaluate.read_naively(pages, year=2023)}
    assert figures == {"scope1": 12_480, "employees": 31, "scope2_unspecified": 31}
    assert evaluate.judge(label, evaluate.read_naively(pages, year=2023)).right == 1
