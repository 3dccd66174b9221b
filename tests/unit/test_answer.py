"""A question with its definition: meaning, words and the nearest sentence together."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esg.domain import Chunk, ChunkKind, Span, chunk_id
from esg.embed.cosine import on_grid
from esg.index.memory import MemoryStore
from esg.retrieve import Question, Retriever, ask
from esg.retrieve.answer import CANDIDATES
from esg.retrieve.closest import closest
from esg.retrieve.standard import standard
from tests.fakes.letter_embedder import LetterEmbedder

EMBEDDER = LetterEmbedder()


def make_chunks(texts: list[str]) -> list[Chunk]:
    chunks = []
    for number, text in enumerate(texts, start=1):
        spans = (Span(number, 0, len(text)),)
        name = chunk_id("d" * 64, spans, text)
        chunks.append(Chunk(name, "d" * 64, spans, text, 20, "", ChunkKind.PROSE))
    return chunks


def retriever(texts: list[str]) -> Retriever:
    return Retriever(make_chunks(texts), EMBEDDER.embed(texts), EMBEDDER)


def test_standard_scores_have_mean_0_and_deviation_1() -> None:
    scores = standard(np.array([1.0, 2.0, 3.0, 6.0]))

    assert scores.mean() == pytest.approx(0, abs=1e-6)
    assert scores.std() == pytest.approx(1, abs=1e-5)
    assert standard(np.array([0.5, 0.5])).tolist() == [0, 0]
    assert standard(np.array([])).tolist() == []


@given(st.lists(st.integers(-(10**9), 10**9), min_size=2, max_size=80), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_standard_scores_do_not_depend_on_the_order(values: list[int], random: Random) -> None:
    scores = np.array(values) / 1e6
    places = list(range(len(values)))
    random.shuffle(places)

    assert standard(scores[places]).tolist() == standard(scores)[places].tolist()


def test_a_chunk_is_as_near_as_its_nearest_sentence() -> None:
    question = on_grid(EMBEDDER.embed(["zzz"]))

    near = closest(question, ["Aaa bbb. Zzz.", "Zzz aaa bbb.", ""], EMBEDDER)

    assert near.tolist() == [1.0, pytest.approx(near[1]), -1.0]
    assert near[1] < 1


def test_one_telling_sentence_is_found_in_a_long_chunk() -> None:
    drowned = "Aaaa aaaa aaaa. Eeee eeee eeee. Quiz quiz. Oooo oooo oooo. Aaaa oooo eeee."
    hits = retriever(["Iiii uuuu. Zzzz tttt.", drowned, "Quit quit quit quit."]).ask(Question("quiz"), k=3)

    assert hits[0].chunk.text == drowned


def test_every_chunk_is_ranked_once_however_many_there_are() -> None:
    texts = [f"Word {'x' * (i % 7)} {'e' * (i % 11)} {i}." for i in range(CANDIDATES + 20)]

    hits = retriever(texts).ask(Question("excess", "Words with e and x."), k=len(texts))

    assert sorted(hit.chunk.text for hit in hits) == sorted(texts)
    assert [hit.retrieval.rank for hit in hits] == list(range(1, len(texts) + 1))
    assert retriever(texts).ask(Question("excess"), k=0) == []
    assert retriever([]).ask(Question("excess"), k=3) == []


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Does the company report on its water use?", "its water use?"),
        ("Has the organisation identified any climate risks?", "climate risks?"),
        ("Is the board paid for it?", "Is the board paid for it?"),
        ("What targets does the organization use?", "What targets does the organization use?"),
        ("Does the company?", "Does the company?"),
    ],
)
def test_the_subject_leaves_out_how_the_question_is_put(text: str, subject: str) -> None:
    assert Question(text).subject == subject


def test_a_definition_is_read_with_the_question_as_it_is() -> None:
    question = Question("Does the company report on water?", "Withdrawal in litres.")

    assert question.subject == question.words == "Does the company report on water? Withdrawal in litres."


def test_all_documents_are_asked_as_one_is() -> None:
    texts = ["Quiz quiz quiz.", "Aaaa aaaa. Eeee eeee. Quiz.", "Oooo oooo aaaa."]
    store = MemoryStore()
    store.upsert("d" * 64, make_chunks(texts), EMBEDDER.embed(texts))
    question = Question("quiz", "Quizzes that are quizzical.")

    found = ask(question, store=store, embedder=EMBEDDER, k=3)

    assert [hit.chunk.text for hit in found] == [
        hit.chunk.text for hit in retriever(texts).ask(question, k=3)
    ]
    assert ask(question, store=MemoryStore(), embedder=EMBEDDER, k=3) == []
    assert ask(question, store=store, embedder=EMBEDDER, k=0) == []
