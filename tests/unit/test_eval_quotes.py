"""`esg eval quotes`: what is verbatim counts, what was tampered with is found."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from esg.chunk import chunk
from esg.domain import Chunk, Fetched, Page, Versions
from esg.embed.local import LocalEmbedder
from esg.errors import NotFound
from esg.evaluate import Findings, Reader, evaluate_quotes, first_of, in_folder
from esg.evaluate.plain import has_words, runs_on
from esg.extract import Extraction, ParseLimits
from esg.pipeline import describe
from esg.report import to_dict
from esg.retrieve import Retriever
from esg.rubric import Rubric, load
from esg.score import LocalJudge, score
from tests.fakes.samples import SAMPLES
from tests.fakes.scorecards import quoting

Json = dict[str, Any]


@pytest.fixture(scope="module")
def embedder() -> LocalEmbedder:
    return LocalEmbedder()


@pytest.fixture(scope="module")
def rubric() -> Rubric:
    return load("maturity")


@pytest.fixture(scope="module")
def reader(embedder: LocalEmbedder, rubric: Rubric) -> Reader:
    def cut(pages: Sequence[Page]) -> list[Chunk]:
        return chunk(pages, tokenizer=embedder.tokenizer)

    return Reader(in_folder(SAMPLES), ParseLimits(), cut, rubric)


@pytest.fixture
def card(original: Fetched, extraction: Extraction) -> Json:
    return to_dict(quoting(original, extraction.pages))


@pytest.fixture
def scored(
    original: Fetched, extraction: Extraction, embedder: LocalEmbedder, rubric: Rubric, reader: Reader
) -> Json:
    """Give the scorecard that the engine itself makes of the sample."""
    document = describe(original, extraction, company=None, year=None)
    chunks = reader.cut(extraction.pages)
    retriever = Retriever(chunks, embedder.embed([c.text for c in chunks]), embedder)
    versions = Versions("test", embedder.id, LocalJudge.id)
    made = score(document, extraction.pages, retriever, rubric=rubric, judge=LocalJudge(), versions=versions)
    return to_dict(made)


Evaluate = Callable[[Json], Findings]


@pytest.fixture
def evaluate(reader: Reader, tmp_path: Path) -> Evaluate:
    def run(card: Json) -> Findings:
        (tmp_path / "card.json").write_text(json.dumps(card), "utf-8")
        return evaluate_quotes(tmp_path, reader)

    return run


def test_a_true_scorecard_has_no_problem(card: Json, evaluate: Evaluate) -> None:
    found = evaluate(card)

    assert found.problems == ()
    assert found.quotes == len(card["evidence"]) + 2
    assert found.verbatim == found.plain_words == found.quotes
    assert (found.not_on_page, found.boxes_off_page, found.wrong_hashes) == (0, 0, 0)
    assert found.boxes > 20


def test_the_summary_is_json(card: Json, evaluate: Evaluate) -> None:
    summary = evaluate(card).to_dict()
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
    tamper: Callable[[Json], None], card: Json, evaluate: Evaluate
) -> None:
    tamper(card)
    found = evaluate(card)
    assert found.not_on_page == 1
    assert found.verbatim == found.quotes - 1
    assert any("not the page's text" in problem for problem in found.problems)


def test_an_invented_claim_is_found(card: Json, evaluate: Evaluate) -> None:
    card["claims"][0]["quote"] = "Our zeppelins became carbon neutral."
    found = evaluate(card)
    assert (found.not_on_page, found.quotes - found.plain_words) == (1, 1)


def test_a_box_off_the_page_is_found(card: Json, evaluate: Evaluate) -> None:
    card["evidence"][0]["boxes"][0] = [500.0, 10.0, 5000.0, 20.0]
    found = evaluate(card)
    assert found.boxes_off_page == 1
    assert found.not_on_page == 0


def test_a_wrong_hash_is_found(card: Json, evaluate: Evaluate) -> None:
    card["evidence"][0]["sha256"] = "0" * 64
    assert evaluate(card).wrong_hashes == 1


def test_a_missing_document_is_a_problem_not_a_pass(card: Json, evaluate: Evaluate) -> None:
    card["document"]["id"] = "0" * 64
    found = evaluate(card)
    assert found.quotes == 0
    assert "was not found" in found.problems[0]


@pytest.mark.parametrize("content", ["{}", "not json", "[]"])
def test_a_file_that_is_no_scorecard_is_a_problem(content: str, reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(content)
    found = evaluate_quotes(tmp_path, reader)
    assert found.problems[0].startswith("x.json: This is not")


def met(card: Json) -> list[Json]:
    return [c for theme in card["themes"] for c in theme["criteria"] if c["met"]]


def test_what_the_engine_scores_is_what_its_criteria_ask_for(scored: Json, evaluate: Evaluate) -> None:
    found = evaluate(scored)

    assert found.problems == ()
    assert found.supports == sum(len(c["evidence"]) for c in met(scored)) > 5
    assert (found.unsupported, found.support_unchecked) == (0, 0)


def test_a_true_quote_that_says_something_else_is_found(scored: Json, evaluate: Evaluate) -> None:
    own = {key for criterion in met(scored) for key in criterion["evidence"]}
    stray = next(e["id"] for e in scored["evidence"] if e["id"] not in own)
    met(scored)[0]["evidence"] = [stray]
    found = evaluate(scored)
    assert (found.unsupported, found.not_on_page) == (1, 0)
    assert met(scored)[0]["id"] in found.problems[0]


def test_a_scorecard_of_another_rubric_is_counted_as_unchecked(scored: Json, evaluate: Evaluate) -> None:
    scored["rubric"]["version"] = "0"
    found = evaluate(scored)
    assert (found.supports, found.support_unchecked) == (0, 1)
    assert found.verbatim == found.quotes


def test_an_empty_folder_is_an_error(reader: Reader, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no scorecard"):
        evaluate_quotes(tmp_path, reader)


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
