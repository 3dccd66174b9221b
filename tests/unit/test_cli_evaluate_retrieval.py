"""`esg eval relevance|sources|tcfd` as a person types them: tables, or JSON alone."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from esg.classify import load
from esg.cli import main
from tests.fakes.samples import SAMPLES

RELEVANCE = {
    "query_id": "q1",
    "query": "Which targets are set?",
    "definition": "Targets for emissions.",
    "passages": [
        {"text": "Our canteen [daily] serves lunch.", "relevance": 0},
        {"text": "Targets are set for emissions.", "relevance": 2},
    ],
}
SOURCE = {
    "report": "somewhere/quernlow-2024.pdf",
    "query": "Does the company report its emissions?",
    "sources": [{"text": "words that are on no page", "printed_page": "2", "relevance": 3}],
}
SENTENCES = [
    {"text": f"The board met {n} times to oversee climate.", "labels": ["Governance a)"]} for n in range(6)
] + [{"text": f"We aim at a cut of {n} per cent.", "labels": ["Metrics and Targets c)"]} for n in range(6)]


@pytest.fixture
def labels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ESG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ESG_EMBEDDER", "tests.fakes.letter_embedder:open_letters")
    for name, records in {"relevance": [RELEVANCE], "sources": [SOURCE], "tcfd": SENTENCES}.items():
        lines = "\n".join(map(json.dumps, records))
        (tmp_path / f"{name}.jsonl").write_text(lines, "utf-8")
    return tmp_path


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, ["eval", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def run_json(*arguments: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run(*arguments, "--json"))
    return told


def test_relevance_tells_its_figures_and_those_of_simpler_methods(labels: Path) -> None:
    told = run_json("relevance", str(labels))

    assert (told["ndcg"], told["ndcg_at_10"], told["map"]) == (100.0, 100.0, 1.0)
    assert {"BM25", "BM25 + definition", "dense"} <= set(told["baselines"])
    assert told["intervals"]["ndcg"] == [100.0, 100.0]
    assert "errors" not in told


def test_sources_are_looked_for_in_the_reports(labels: Path) -> None:
    told = run_json("sources", str(labels / "sources.jsonl"), "--reports", str(SAMPLES), "--errors")

    assert (told["recall_at_5"], told["recall_at_10"], told["reachable"]) == (0.0, 0.0, 0.0)
    assert told["errors"][0]["gold"] == "page 2, relevance 3"
    assert told["errors"][0]["our_first"]


def test_a_report_that_is_not_there_is_named(labels: Path) -> None:
    result = CliRunner().invoke(main, ["eval", "sources", str(labels), "--reports", str(labels)])

    assert result.exit_code == 2
    assert "somewhere/quernlow-2024.pdf" in result.output


def test_tcfd_tells_how_it_was_measured(labels: Path) -> None:
    told = run_json("tcfd", str(labels))

    assert {"accuracy", "pillar_accuracy", "confusion", "baselines"} <= set(told)
    method = "cross-validated in five parts, each sentence alone"  # the shipped one knows another embedder
    assert told["method"] == method
    assert told["left_out"] == 0


def test_a_classifier_can_be_taught(labels: Path) -> None:
    run("tcfd", str(labels), "--teach", str(labels / "mine.npz"))

    taught = load(labels / "mine.npz")
    assert taught.embedder == "letters"
    assert all(taught.knows(sentence["text"]) for sentence in SENTENCES)


@pytest.mark.parametrize("measure", ["relevance", "tcfd"])
def test_people_get_tables_and_each_miss(measure: str, labels: Path) -> None:
    shown = run(measure, str(labels), "--errors")

    assert "this engine" in shown
    assert "┃" in shown
