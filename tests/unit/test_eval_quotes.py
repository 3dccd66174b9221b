"""`esg eval quotes`: what is verbatim counts, what was tampered with is found."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from esg.domain import Fetched
from esg.errors import NotFound
from esg.evaluate import Findings, evaluate_quotes, first_of, in_folder
from esg.evaluate.plain import has_words, runs_on
from esg.extract import Extraction, ParseLimits
from esg.report import to_dict
from tests.fakes.samples import SAMPLES
from tests.fakes.scorecards import quoting

LIMITS = ParseLimits()

Json = dict[str, Any]


@pytest.fixture
def card(original: Fetched, extraction: Extraction) -> Json:
    return to_dict(quoting(original, extraction.pages))


def evaluate(card: Json, folder: Path) -> Findings:
    (folder / "card.json").write_text(json.dumps(card), "utf-8")
    return evaluate_quotes(folder, find=in_folder(SAMPLES), limits=LIMITS)


def test_a_true_scorecard_has_no_problem(card: Json, tmp_path: Path) -> None:
    found = evaluate(card, tmp_path)

    assert found.problems == ()
    assert found.quotes == len(card["evidence"]) + 2
    assert found.verbatim == found.plain_words == found.quotes
    assert (found.not_on_page, found.boxes_off_page, found.wrong_hashes) == (0, 0, 0)
    assert found.boxes > 20


def test_the_summary_is_json(card: Json, tmp_path: Path) -> None:
    summary = evaluate(card, tmp_path).to_dict()
    assert json.loads(json.dumps(summary)) == summary
    assert {"quotes", "verbatim", "not_on_page", "boxes_off_page", "problems"} <= set(summary)


def edit_quote(card: Json) -> None:
    card["evidence"][0]["quote"] = card["evidence"][0]["quote"].replace("e", "a", 1)


def shift_offsets(card: Json) -> None:
    card["evidence"][1]["start"] += 1


def move_to_another_page(card: Json) -> None:
    card["evidence"][0]["page"] += 1


def name_a_page_that_is_not_there(card: Json) -> None:
    card["evidence"][0]["page"] = 999


@pytest.mark.parametrize(
    "tamper", [edit_quote, shift_offsets, move_to_another_page, name_a_page_that_is_not_there]
)
def test_a_quote_that_is_not_there_is_found(
    tamper: Callable[[Json], None], card: Json, tmp_path: Path
) -> None:
    tamper(card)
    found = evaluate(card, tmp_path)
    assert found.not_on_page == 1
    assert found.verbatim == found.quotes - 1
    assert any("not the page's text" in problem for problem in found.problems)


def test_an_invented_claim_is_found(card: Json, tmp_path: Path) -> None:
    card["claims"][0]["quote"] = "Our zeppelins became carbon neutral."
    found = evaluate(card, tmp_path)
    assert (found.not_on_page, found.quotes - found.plain_words) == (1, 1)


def test_a_box_off_the_page_is_found(card: Json, tmp_path: Path) -> None:
    card["evidence"][0]["boxes"][0] = [500.0, 10.0, 5000.0, 20.0]
    found = evaluate(card, tmp_path)
    assert found.boxes_off_page == 1
    assert found.not_on_page == 0


def test_a_wrong_hash_is_found(card: Json, tmp_path: Path) -> None:
    card["evidence"][0]["sha256"] = "0" * 64
    assert evaluate(card, tmp_path).wrong_hashes == 1


def test_a_missing_document_is_a_problem_not_a_pass(card: Json, tmp_path: Path) -> None:
    card["document"]["id"] = "0" * 64
    found = evaluate(card, tmp_path)
    assert found.quotes == 0
    assert "was not found" in found.problems[0]


@pytest.mark.parametrize("content", ["{}", "not json", "[]"])
def test_a_file_that_is_no_scorecard_is_a_problem(content: str, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(content)
    found = evaluate_quotes(tmp_path, find=lambda wanted: None, limits=LIMITS)
    assert found.problems[0].startswith("x.json: This is not")


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no scorecard"):
        evaluate_quotes(tmp_path, find=lambda wanted: None, limits=LIMITS)


def test_finders_are_asked_in_order(original: Fetched) -> None:
    find = first_of(lambda wanted: None, lambda wanted: original)
    assert find("x") is original


@pytest.mark.parametrize(
    ("quote", "text", "run", "words"),
    [
        ("energy efficiency", "Our energy effi-\nciency rose", True, True),
        ("ﬁnal ﬂow", "the final\nflow of", True, True),
        ("Scope 1\t12,480", "12,480\nScope 1", False, True),
        ("Scope 3", "Scope 1", False, False),
        ("low\u00adcarbon", "low-carbon", True, True),
    ],
)
def test_the_independent_reading_forgives_layout_only(quote: str, text: str, run: bool, words: bool) -> None:
    assert (runs_on(quote, text), has_words(quote, text)) == (run, words)
