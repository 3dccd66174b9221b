"""Vectors in memory: whatever they are, the answer is that of an exact search over all of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from esg.domain import Vectors
from esg.embed.cosine import cosines, on_grid
from esg.embed.unit import unit
from esg.index import columns
from esg.index.columns import Columns, Place

DIMENSIONS = 24


def make(seed: int, count: int, *, spread: float = 1.0) -> Vectors:
    """Vectors around one direction: the less they spread, the less codes can tell them apart."""
    generator = np.random.default_rng(seed)
    middle = np.random.default_rng(0).normal(size=DIMENSIONS)
    return unit(middle + spread * generator.normal(size=(count, DIMENSIONS)))


def exact(documents: dict[str, Vectors], query: Vectors, k: int) -> list[float]:
    scores = [cosines(on_grid(query), on_grid(rows))[0] for rows in documents.values()]
    return sorted(np.concatenate(scores).tolist(), reverse=True)[:k]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A document lies in several blocks, and codes are looked at from the first vector on."""
    monkeypatch.setattr(columns, "BLOCK", 16)
    monkeypatch.setattr(columns, "_EXACT", 0)


@given(
    seed=st.integers(0, 10_000),
    counts=st.lists(st.integers(0, 40), min_size=1, max_size=6),
    spread=st.sampled_from([1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0]),
    k=st.integers(1, 20),
)
def test_no_nearer_vector_is_missed(seed: int, counts: list[int], spread: float, k: int) -> None:
    documents = {f"d{i}": make(seed + i, count, spread=spread) for i, count in enumerate(counts)}
    kept = Columns(DIMENSIONS)
    for name, rows in documents.items():
        kept.put(name, rows)
    query = make(seed + 99, 1, spread=spread)

    found = kept.nearest(query[0], k=k)

    assert [score for _, score in found][:k] == exact(documents, query, k)
    for place, score in found:
        assert cosines(on_grid(query), on_grid(documents[place.document_id][place.row][None]))[0, 0] == score


def test_only_the_wanted_documents_are_searched() -> None:
    documents = {name: make(i, 30) for i, name in enumerate("abc")}
    kept = Columns(DIMENSIONS)
    for name, rows in documents.items():
        kept.put(name, rows)
    query = make(7, 1)

    found = kept.nearest(query[0], documents=["a", "c", "not there"], k=5)

    assert [score for _, score in found] == exact({n: documents[n] for n in "ac"}, query, 5)
    assert {place.document_id for place, _ in found} <= {"a", "c"}
    assert kept.nearest(query[0], documents=[], k=5) == []


def test_what_was_replaced_or_dropped_is_not_found() -> None:
    kept = Columns(DIMENSIONS)
    kept.put("a", make(0, 20))
    kept.put("b", make(1, 20))
    kept.put("a", make(2, 3))
    kept.drop("b")

    found = kept.nearest(make(0, 1)[0], k=100)

    assert {place for place, _ in found} == {Place("a", row) for row in range(3)}
    assert len(kept) == 3
    assert kept.packed().nearest(make(0, 1)[0], k=100) == found
    assert kept.packed().bytes < kept.bytes


def test_equal_vectors_at_the_edge_all_come() -> None:
    """Their chunks' ids decide, which are read afterwards."""
    kept = Columns(DIMENSIONS)
    same = make(3, 1)
    for name in "abcd":
        kept.put(name, same)

    assert len(kept.nearest(same[0], k=2)) == 4
