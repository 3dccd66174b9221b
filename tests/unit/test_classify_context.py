"""The nearest example's vote, and what neighbours in running text have to say."""

import numpy as np
import pytest

from esg.classify import Example, teach
from esg.classify.context import in_context
from esg.classify.nearest import WEIGHT, votes
from tests.fakes.letter_embedder import LetterEmbedder

EMBEDDER = LetterEmbedder()
EAST, NORTH, BETWEEN = [1.0, 0.0], [0.0, 1.0], [0.6, 0.8]


def vectors(*rows: list[float]) -> np.ndarray:
    return np.array(rows, np.float32)


def test_the_nearest_example_votes_for_its_labels_by_its_cosine() -> None:
    shares = np.array([[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]])

    heard = votes(vectors(EAST, BETWEEN), vectors(EAST, NORTH), shares)

    assert heard == pytest.approx(WEIGHT * np.array([[1, 0, 0], [0, 0.4, 0.4]]))


def test_what_is_opposed_to_all_examples_hears_no_vote() -> None:
    assert not votes(vectors([-1.0, 0.0]), vectors(EAST), np.array([[1.0]])).any()


def test_neighbours_count_by_squared_cosine_and_distance() -> None:
    scores = np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 0.0], [0.0, 0.0]])

    heeded = in_context(scores, vectors(EAST, BETWEEN, EAST, EAST))

    assert heeded[:, 0] == pytest.approx([1.0, 0.36, 0.5, 0.0])


def test_neighbours_on_another_subject_say_nothing() -> None:
    scores = np.array([[1.0, 0.0], [0.0, 2.0], [3.0, 0.0]])

    assert (in_context(scores, vectors(EAST, NORTH, [-1.0, 0.0])) == scores).all()


@pytest.mark.parametrize("count", [0, 1])
def test_without_neighbours_nothing_changes(count: int) -> None:
    scores = np.ones((count, 2))

    assert (in_context(scores, vectors(*[EAST] * count).reshape(count, 2)) == scores).all()


def test_a_sentence_is_read_by_what_stands_around_it_and_told_alone_without() -> None:
    taught = [Example("aaa aab", ("A",)), Example("bbb bba", ("B",))]
    classifier = teach(taught, EMBEDDER.embed(["aaa aab", "bbb bba"]), labels="AB", embedder=EMBEDDER.id)
    texts = ["aaaa", "aaaabbbbb", "aaaa"]
    found = EMBEDDER.embed(texts)

    assert classifier.best(texts, found) == ["A", "B", "A"]
    assert classifier.read(texts, found) == ["A", "A", "A"]
    assert classifier.read(texts[1:2], found[1:2]) == ["B"]
