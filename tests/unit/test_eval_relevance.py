"""`esg eval relevance`: graded passages, ranked by the product's own retrieval."""

import json
from pathlib import Path

import pytest

from esg.errors import NotFound, Rejected
from esg.evaluate.relevance import (
    METHODS,
    OURS,
    Graded,
    Ranked,
    evaluate_relevance,
    intervals,
    read_graded,
    summary,
)
from esg.retrieve import Question
from tests.fakes.letter_embedder import LetterEmbedder

RECORD = {
    "query_id": "q1",
    "query": "Which targets are set?",
    "definition": "Targets for emissions, with years.",
    "passages": [
        {"text": "Our canteen serves lunch.", "relevance": 0},
        {"text": "Targets are set for emissions.", "relevance": 2},
        {"text": "A target.", "relevance": 1},
    ],
}


def written(folder: Path, *records: object) -> Path:
    path = folder / "relevance.jsonl"
    path.write_text("\n".join(json.dumps(record) for record in records) + "\n", "utf-8")
    return path


def test_labels_are_read_from_their_file_or_its_folder(tmp_path: Path) -> None:
    path = written(tmp_path, RECORD)

    assert read_graded(path) == read_graded(tmp_path)
    (graded,) = read_graded(path)
    assert (graded.id, graded.grades) == ("q1", (0, 2, 1))
    assert graded.question == Question(RECORD["query"], RECORD["definition"])


def test_a_question_without_a_relevant_passage_is_left_out(tmp_path: Path) -> None:
    nothing = RECORD | {"query_id": "q2", "passages": [{"text": "No.", "relevance": 0}]}

    assert [graded.id for graded in read_graded(written(tmp_path, nothing, RECORD))] == ["q1"]


@pytest.mark.parametrize("record", [[1], {"query": "?"}, RECORD | {"passages": [{"text": "no grade"}]}])
def test_what_is_no_label_is_refused_by_its_place(record: object, tmp_path: Path) -> None:
    with pytest.raises(Rejected, match=r"2"):
        read_graded(written(tmp_path, RECORD, record))


def test_a_folder_without_labels_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"relevance\.jsonl"):
        read_graded(tmp_path)


def test_every_method_ranks_each_passage_once(tmp_path: Path) -> None:
    ranked = evaluate_relevance(read_graded(written(tmp_path, RECORD)), LetterEmbedder())

    assert list(ranked) == list(METHODS)
    assert all(sorted(one.order) == [0, 1, 2] for each in ranked.values() for one in each)
    assert ranked[OURS][0].order[-1] == 0


def test_figures_are_on_the_scales_they_are_published_on() -> None:
    graded = Graded("q", Question("?"), ("a", "b", "c"), (0, 2, 1))
    best, worst = Ranked(graded, (1, 2, 0)), Ranked(graded, (0, 2, 1))

    assert best.figures() == {"ndcg": 100.0, "ndcg_at_10": 100.0, "map": 1.0}
    assert worst.figures()["map"] == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert summary([best, worst])["map"] == pytest.approx((1 + 7 / 12) / 2)
    assert intervals([best, best])["ndcg"] == (100.0, 100.0)


def test_misses_are_what_stands_on_the_wrong_side_of_the_border() -> None:
    graded = Graded("q", Question("?"), ("a", "b", "c"), (0, 2, 1))

    assert Ranked(graded, (2, 1, 0)).misses() == []
    assert Ranked(graded, (0, 2, 1)).misses() == [(1, 0), (3, 1)]
