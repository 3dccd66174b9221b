"""Hits: dense and lexical rankings, fused; the same whatever computed them."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esg.domain import Chunk, ChunkKind, Hit, Span, chunk_id
from esg.embed import CachedEmbedder, MemoryCache
from esg.embed.cosine import cosines, on_grid
from esg.embed.local import LocalEmbedder
from esg.embed.unit import unit
from esg.errors import Transient
from esg.index.memory import MemoryStore
from esg.retrieve import Retriever, find, search
from esg.retrieve.fuse import RRF_K, fused

TEXTS = [
    "We cut Scope 1 and Scope 2 emissions by 42 % against 2019, in line with our target.",
    "The board's sustainability committee reviews climate risk every quarter.",
    "Our canteen serves lunch from noon to two.",
    "KPMG gave limited assurance under ISAE 3000 on selected indicators.",
    "Water withdrawal fell at all sites in stressed areas.",
    "Greenhouse gases from our own operations and purchased electricity are falling.",
]


@pytest.fixture(scope="module")
def embedder() -> CachedEmbedder:
    return CachedEmbedder(LocalEmbedder(threads=2), MemoryCache())


def make_chunks(texts: list[str], document_id: str = "d" * 64) -> list[Chunk]:
    chunks = []
    for number, text in enumerate(texts, start=1):
        spans = (Span(number, 0, len(text)),)
        name = chunk_id(document_id, spans, text)
        chunks.append(Chunk(name, document_id, spans, text, 20, "", ChunkKind.PROSE))
    return chunks


def retriever(embedder: CachedEmbedder, texts: list[str]) -> Retriever:
    return Retriever(make_chunks(texts), embedder.embed(texts), embedder)


def found(hits: list[Hit]) -> list[str]:
    return [hit.chunk.text for hit in hits]


def test_meaning_and_words_both_find(embedder: CachedEmbedder) -> None:
    r = retriever(embedder, TEXTS)

    assert found(r.retrieve(["carbon footprint"], k=2)) == [TEXTS[5], TEXTS[0]]
    assert found(r.retrieve(["ISAE 3000"], k=1)) == [TEXTS[3]]


def test_several_queries_are_answered_together(embedder: CachedEmbedder) -> None:
    hits = retriever(embedder, TEXTS).retrieve(["external assurance of data", "board oversight"], k=2)

    assert set(found(hits)) == {TEXTS[1], TEXTS[3]}


def test_questions_asked_at_once_are_answered_as_each_alone(embedder: CachedEmbedder) -> None:
    r = retriever(embedder, [*TEXTS, *TEXTS[:2]])
    asked = [["external assurance", "board oversight"], [], ["climate"], ["water"], []]

    assert r.retrieve_each(asked, k=4) == [r.retrieve(queries, k=4) for queries in asked]


def test_every_hit_shows_its_parts(embedder: CachedEmbedder) -> None:
    hits = retriever(embedder, TEXTS).retrieve(["scope 1 emissions"], k=len(TEXTS))
    dense = {chunk.text: float(embedder.embed(["scope 1 emissions"])[0] @ embedder.embed([chunk.text])[0])
             for chunk in make_chunks(TEXTS)}  # fmt: skip

    assert [hit.retrieval.rank for hit in hits] == [1, 2, 3, 4, 5, 6]
    assert all(hit.retrieval.dense == pytest.approx(dense[hit.chunk.text], abs=1e-4) for hit in hits)
    assert [hit.retrieval.lexical > 0 for hit in hits] == ["cope 1" in text for text in found(hits)]
    assert [hit.retrieval.fused for hit in hits] == sorted((h.retrieval.fused for h in hits), reverse=True)


def test_fusion_is_the_published_formula() -> None:
    dense = np.array([[0.9, 0.5, 0.7]])
    lexical = np.array([[0.0, 3.0, 1.0]])

    expected = [1 / (RRF_K + 1), 1 / (RRF_K + 3) + 1 / (RRF_K + 1), 1 / (RRF_K + 2) + 1 / (RRF_K + 2)]
    np.testing.assert_allclose(fused(dense, lexical)[0], expected, atol=1e-9)


@given(st.lists(st.lists(st.integers(0, 3), min_size=6, max_size=6), min_size=2, max_size=5))
def test_fusion_ranks_equal_scores_in_their_own_order(rows: list[list[int]]) -> None:
    scores = np.array(rows) / 10**6
    ranks = [sorted(range(6), key=lambda place, row=row: -row[place]) for row in rows]

    expected = [
        sum(1 / (RRF_K + 1 + rank.index(place)) * (1 + (row[place] > 0))
            for rank, row in zip(ranks, rows, strict=True)) / len(rows)
        for place in range(6)
    ]  # fmt: skip
    np.testing.assert_allclose(fused(scores, scores)[0], expected, atol=1e-9)


def test_equal_chunks_keep_their_order(embedder: CachedEmbedder) -> None:
    hits = retriever(embedder, [TEXTS[2], *[TEXTS[0]] * 5]).retrieve(["scope 1 emissions"], k=4)

    assert [hit.chunk.spans[0].page for hit in hits] == [2, 3, 4, 5]


@pytest.mark.parametrize(("k", "count"), [(0, 0), (1, 1), (99, 6)])
def test_k_is_at_most_what_there_is(embedder: CachedEmbedder, k: int, count: int) -> None:
    assert len(retriever(embedder, TEXTS).retrieve(["climate"], k=k)) == count


def test_no_chunks_or_no_queries_give_no_hits(embedder: CachedEmbedder) -> None:
    assert retriever(embedder, []).retrieve(["climate"], k=5) == []
    assert retriever(embedder, TEXTS).retrieve([], k=5) == []


def test_chunks_and_vectors_must_match(embedder: CachedEmbedder) -> None:
    with pytest.raises(ValueError, match="6 chunks and 1 vectors"):
        Retriever(make_chunks(TEXTS), embedder.embed(TEXTS[:1]), embedder)


def test_a_question_that_is_too_long_is_cut(embedder: CachedEmbedder) -> None:
    question = "What are the Scope 1 emissions? " + "Please explain in detail. " * 200

    assert found(retriever(embedder, TEXTS).retrieve([question], k=1)) == [TEXTS[0]]


def test_queries_asked_together_or_alone_rank_alike(embedder: CachedEmbedder) -> None:
    """The cosines of one query must not depend on how many are asked at once."""
    queries = [f"question {i} about emissions" for i in range(9)]
    vectors, rows = embedder.embed(queries), on_grid(embedder.embed(TEXTS))

    together = cosines(on_grid(vectors), rows)

    for i in range(9):
        assert cosines(on_grid(vectors[i : i + 1]), rows).tobytes() == together[i : i + 1].tobytes()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.permutations(range(40)))
def test_cosines_are_exact_in_any_order_of_rows_and_dimensions(seed: int, order: list[int]) -> None:
    vectors = unit(np.random.default_rng(seed).normal(size=(40, 40)))
    expected = cosines(on_grid(vectors), on_grid(vectors))

    shuffled = cosines(on_grid(vectors[:, order]), on_grid(vectors[order][:, order]))

    assert shuffled.tobytes() == expected[:, order].tobytes()
    assert (np.diag(expected) == 1).all()


# -- all documents


@pytest.fixture
def store(embedder: CachedEmbedder) -> MemoryStore:
    filled = MemoryStore()
    for document_id, texts in (("a" * 64, TEXTS[:3]), ("b" * 64, TEXTS[3:])):
        filled.upsert(document_id, make_chunks(texts, document_id), embedder.embed(texts))
    return filled


def test_search_finds_in_all_documents(embedder: CachedEmbedder, store: MemoryStore) -> None:
    hits = search("greenhouse gas emissions", store=store, embedder=embedder, k=2)

    assert {hit.chunk.document_id[0] for hit in hits} == {"a", "b"}
    assert [hit.retrieval.rank for hit in hits] == [1, 2]


def test_search_keeps_to_the_documents_asked_for(embedder: CachedEmbedder, store: MemoryStore) -> None:
    hits = search("greenhouse gas", store=store, embedder=embedder, documents=["b" * 64], k=9)

    assert {hit.chunk.document_id for hit in hits} == {"b" * 64}


def test_search_of_nothing_finds_nothing(embedder: CachedEmbedder, store: MemoryStore) -> None:
    assert search("water", store=MemoryStore(), embedder=embedder, k=5) == []
    assert search("water", store=store, embedder=embedder, k=0) == []


class ByLength:
    """Finds the longest text the best answer."""

    def __init__(self) -> None:
        self.shown: list[list[str]] = []

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        self.shown.append(list(texts))
        return [float(len(text)) for text in texts]


class Away:
    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        raise Transient("The service does not answer.")


def test_a_reranker_is_shown_more_than_is_wanted_and_decides(embedder: CachedEmbedder) -> None:
    store, by_length = filled(embedder), ByLength()

    found = find("target", store=store, embedder=embedder, k=2, reranker=by_length)

    assert sorted(by_length.shown[0]) == sorted(TEXTS)
    assert [hit.chunk.text for hit in found] == sorted(TEXTS, key=len, reverse=True)[:2]
    assert [hit.retrieval.rank for hit in found] == [1, 2]


def test_without_its_reranker_a_search_keeps_its_own_order(embedder: CachedEmbedder) -> None:
    store = filled(embedder)

    assert find("target", store=store, embedder=embedder, k=3, reranker=Away()) == find(
        "target", store=store, embedder=embedder, k=3
    )


def filled(embedder: CachedEmbedder) -> MemoryStore:
    store, chunks = MemoryStore(), make_chunks(TEXTS)
    store.upsert("d" * 64, chunks, embedder.embed(TEXTS))
    return store
