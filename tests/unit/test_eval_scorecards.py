"""`esg eval levels|kpis --scorecards`: scorecards that are there are compared as they are."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from esg import evaluate
from esg.cli import main
from esg.domain import Scorecard
from esg.errors import NotFound, Rejected
from esg.report import canonical_json
from tests.fakes.scorecards import scorecard

LABELS = {
    "file": "brisk-2023.pdf",
    "year": 2023,
    "levels": {"TSP": {"level": 2, "low": 2, "high": 3}},
    "kpis": [{"kpi": "scope1", "value": 12480, "unit": "tCO2e", "year": "2023", "page": 18}],
}


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    folder = tmp_path / "cards"
    folder.mkdir()
    put(folder, "one", of("brisk-2023.pdf"))
    put(folder, "two", of("https://example.org/reports/other-2023.pdf"))
    return folder


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    path = tmp_path / "labels.json"
    path.write_text(json.dumps(LABELS))
    return path


def of(source: str) -> Scorecard:
    card = scorecard()
    return replace(card, document=replace(card.document, source=source))


def put(folder: Path, name: str, card: Scorecard) -> None:
    (folder / f"{name}.json").write_bytes(canonical_json(card))


def test_scorecards_go_by_the_file_of_their_document(cards: Path) -> None:
    found = evaluate.scorecards_of_files(cards)
    assert sorted(found) == ["brisk-2023.pdf", "other-2023.pdf"]
    assert canonical_json(found["brisk-2023.pdf"]) == (cards / "one.json").read_bytes()


def test_one_of_a_company_year_is_no_file_s(cards: Path) -> None:
    card = of("brisk-2023.pdf")
    put(cards, "year", replace(card, documents=(card.document, card.document)))
    assert sorted(evaluate.scorecards_of_files(cards)) == ["brisk-2023.pdf", "other-2023.pdf"]


def test_two_of_one_file_and_what_is_none_are_refused(cards: Path, tmp_path: Path) -> None:
    put(cards, "three", of("elsewhere/brisk-2023.pdf"))
    with pytest.raises(Rejected, match=r"three\.json is a second scorecard of brisk-2023\.pdf"):
        evaluate.scorecards_of_files(cards)
    (cards / "three.json").write_text("[]")
    with pytest.raises(Rejected, match=r"three\.json: This is not a scorecard"):
        evaluate.scorecards_of_files(cards)
    with pytest.raises(NotFound, match="no scorecard"):
        evaluate.scorecards_of_files(tmp_path / "labels")


@pytest.mark.parametrize("what", ["levels", "kpis"])
def test_no_document_is_read(what: str, cards: Path, labels: Path) -> None:
    command = ["eval", what, str(labels), "--scorecards", str(cards), "--json"]
    told = CliRunner().invoke(main, command, catch_exceptions=False)

    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout)
    card = of("brisk-2023.pdf")
    if what == "levels":
        (theme,) = (theme for theme in card.themes if theme.code == "TSP")
        assert (found["reports"], found["in_band"]) == (1, float(2 <= theme.level <= 3))
    else:
        assert (found["printed"], found["baselines"]) == (len(card.kpis), {})


def test_a_label_without_a_scorecard_is_told(cards: Path, labels: Path) -> None:
    labels.write_text(json.dumps(LABELS | {"file": "gone.pdf"}))
    told = CliRunner().invoke(main, ["eval", "levels", str(labels), "--scorecards", str(cards)])
    assert told.exit_code == 2
    assert "There is no scorecard of gone.pdf" in told.stderr
    assert "esg score gone.pdf --format json" in told.stderr
