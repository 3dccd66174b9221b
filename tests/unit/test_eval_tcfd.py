"""`esg eval tcfd`: one label for a sentence that may have several; never measured on what was taught."""

import json
from pathlib import Path

import numpy as np
import pytest

from esg.classify import Classifier, Example, load, own_examples, save, teach
from esg.classify.ridge import fit
from esg.errors import Rejected
from esg.evaluate.alike import parts
from esg.evaluate.halves import ROUNDS, halves
from esg.evaluate.tcfd import (
    ALONE,
    BASELINES,
    HALF_ALONE,
    HALF_IN_CONTEXT,
    OURS,
    Labelled,
    confusion,
    evaluate_tcfd,
    is_fresh,
    pillar,
    prepare,
    read_sentences,
    summary,
    teach_all,
    to_measure,
)
from tests.fakes.letter_embedder import LetterEmbedder

EMBEDDER = LetterEmbedder()
BOARD, TARGET = "Governance a)", "Metrics and Targets c)"
SENTENCES = [
    *(Example(f"The board met in quarter {n} to oversee {word}.", (BOARD,)) for n, word in enumerate("abcd")),
    *(Example(f"Our target {word} is a cut of {n} % by 2030.", (TARGET,)) for n, word in enumerate("efgh")),
]


def taught(examples: list[Example]) -> Classifier:
    vectors = EMBEDDER.embed([example.text for example in examples])
    return teach(examples, vectors, labels=(BOARD, TARGET), embedder=EMBEDDER.id)


def test_damped_least_squares_are_solved() -> None:
    rows, targets = np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([[1.0], [1.0]])

    assert fit(rows, targets, damping=1.0) == pytest.approx(np.array([[1 / 2], [2 / 5]]))


def test_a_classifier_tells_apart_what_it_was_taught_to() -> None:
    classifier = taught(SENTENCES)
    new = ["The board met to oversee climate.", "Our target is a cut by 2030."]

    assert classifier.best(new, EMBEDDER.embed(new)) == [BOARD, TARGET]


def test_a_kept_classifier_says_the_same(tmp_path: Path) -> None:
    classifier = taught(SENTENCES)
    save(classifier, tmp_path / "kept.npz")
    texts = [sentence.text for sentence in SENTENCES]

    kept = load(tmp_path / "kept.npz")

    assert kept.best(texts, EMBEDDER.embed(texts)) == classifier.best(texts, EMBEDDER.embed(texts))
    assert kept.taught == classifier.taught


def test_a_kept_classifier_holds_no_text(tmp_path: Path) -> None:
    save(taught(SENTENCES), tmp_path / "kept.npz")

    with np.load(tmp_path / "kept.npz", allow_pickle=False) as kept:
        texts = {name: kept[name] for name in kept.files if kept[name].dtype.kind in "US"}
    assert set(texts) == {"labels", "embedder", "taught"}
    assert all(set(name) <= set("0123456789abcdef") and len(name) == 16 for name in texts["taught"])


def test_what_was_taught_is_known_whatever_its_blanks_and_case() -> None:
    classifier = taught(SENTENCES)

    assert classifier.knows("THE board  met in quarter 0 to oversee a.")
    assert not classifier.knows("Something else.")


def test_the_shipped_classifier_has_eleven_labels_and_our_examples_for_each() -> None:
    shipped, own = load(), own_examples()

    assert len(shipped.labels) == 11
    assert {label for example in own for label in example.labels} == set(shipped.labels)
    assert len({example.text for example in own}) == len(own)
    assert all(shipped.knows(example.text) for example in own)
    assert shipped.weights.shape == (384 + len(shipped.rarity), 11)
    assert shipped.examples.shape == (len(shipped.shares), 384)
    assert shipped.shares.sum(axis=1) == pytest.approx(1, abs=1e-3)


def test_near_duplicates_stay_in_one_part() -> None:
    texts = ["a b c d", "x y z", "a b c e", "k l m", "a b d e"]

    dealt = parts(texts, count=3, seed=1)

    assert sorted(place for part in dealt for place in part) == [0, 1, 2, 3, 4]
    assert any({0, 2, 4} <= set(part) for part in dealt)
    assert parts(texts, count=3, seed=1) == dealt


def test_a_classifier_is_not_measured_on_what_it_was_taught() -> None:
    told = prepare(SENTENCES, EMBEDDER)

    assert is_fresh(taught([Example("Something else.", (BOARD,))]), told)
    assert not is_fresh(teach_all(told), told)


def test_the_few_sentences_that_were_taught_are_left_out() -> None:
    told = prepare(SENTENCES, EMBEDDER)

    assert to_measure(told, taught(SENTENCES[:2])).sentences == tuple(SENTENCES[2:])
    assert len(to_measure(told, taught(SENTENCES[:2])).vectors) == len(SENTENCES) - 2
    assert to_measure(told, taught(SENTENCES)) is told  # to be cross-validated


def test_halves_cover_the_texts_in_every_round_and_keep_their_order() -> None:
    texts = ["a b c d", "x y z", "a b c e", "k l m"]

    dealt = list(halves(texts))

    assert len(dealt) == 2 * ROUNDS
    assert all(sorted([*others, *half]) == [0, 1, 2, 3] and half == sorted(half) for others, half in dealt)
    assert all((0 in half) == (2 in half) for _, half in dealt)


def test_what_is_fresh_is_read_as_running_text_and_told_alone_too() -> None:
    given = evaluate_tcfd(prepare(SENTENCES, EMBEDDER), taught([Example("Something else.", (BOARD,))]))

    assert list(given) == [OURS, ALONE, *BASELINES]
    assert all([one.sentence for one in each] == SENTENCES for each in given.values())


def test_what_was_taught_is_cross_validated_in_parts_and_by_halves() -> None:
    given = evaluate_tcfd(prepare(SENTENCES, EMBEDDER), taught(SENTENCES))

    assert list(given) == [OURS, HALF_IN_CONTEXT, HALF_ALONE, *BASELINES]
    assert all([one.sentence for one in given[name]] == SENTENCES for name in (OURS, *BASELINES))
    for name in (HALF_IN_CONTEXT, HALF_ALONE):
        assert sorted(one.sentence.text for one in given[name]) == sorted(
            sentence.text for sentence in SENTENCES * ROUNDS
        )


def test_one_of_several_labels_is_enough() -> None:
    both = Example("…", (BOARD, "Governance b)"))
    given = [Labelled(both, "Governance b)"), Labelled(both, "Governance c)"), Labelled(both, TARGET)]

    assert summary(given) == {"accuracy": pytest.approx(1 / 3), "pillar_accuracy": pytest.approx(2 / 3)}
    assert confusion(given)["Governance"] == {"Governance": 2, "Metrics and Targets": 1}
    assert pillar(TARGET) == "Metrics and Targets"


@pytest.mark.parametrize("record", [{"text": "No label."}, {"text": "Empty.", "labels": []}])
def test_a_sentence_without_a_label_is_refused(record: object, tmp_path: Path) -> None:
    (tmp_path / "tcfd.jsonl").write_text(json.dumps(record), "utf-8")

    with pytest.raises(Rejected, match="labels"):
        read_sentences(tmp_path)
