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


def names(prefix: str, rows: Vectors) -> list[str]:
    return [f"{prefix}{row:02}" for row in range(len(rows))]


def keep(documents: dict[str, Vectors]) -> Columns:
    kept = Columns(DIMENSIONS)
    for name, rows in documents.items():
        kept.put(name, rows, names(name, rows))
    return kept


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
    kept = keep(documents)
    query = make(seed + 99, 1, spread=spread)

    found = kept.nearest(query[0], k=k)

    assert [score for _, score in found][:k] == exact(documents, query, k)
    for place, score in found:
        assert cosines(on_grid(query), on_grid(documents[place.document_id][place.row][None]))[0, 0] == score


def test_only_the_wanted_documents_are_searched() -> None:
    documents = {name: make(i, 30) for i, name in enumerate("abc")}
    kept = keep(documents)
    query = make(7, 1)

    found = kept.nearest(query[0], documents=["a", "c", "not there"], k=5)

    assert [score for _, score in found] == exact({n: documents[n] for n in "ac"}, query, 5)
    assert {place.document_id for place, _ in found} <= {"a", "c"}
    assert kept.nearest(query[0], documents=[], k=5) == []


def test_what_was_replaced_or_dropped_is_not_found() -> None:
    kept = keep({"a": make(0, 20), "b": make(1, 20)})
    kept.put("a", make(2, 3), ["x", "y", "z"])
    kept.drop("b")

    found = kept.nearest(make(0, 1)[0], k=100)

    assert {place for place, _ in found} == {Place("a", row) for row in range(3)}
    assert len(kept) == 3
    assert kept.packed().nearest(make(0, 1)[0], k=100) == found
    assert kept.packed().bytes < kept.bytes


@given(
    ids=st.lists(
        st.text(st.sampled_from("ab\u00e9\U0001f600"), max_size=12), min_size=1, max_size=60, unique=True
    ),
    near=st.integers(0, 5),
    k=st.integers(1, 12),
)
def test_of_equal_vectors_those_with_the_first_ids_come(ids: list[str], near: int, k: int) -> None:
    same = np.repeat(make(3, 1), len(ids), axis=0)
    kept = Columns(DIMENSIONS)
    kept.put("same", same, ids)
    kept.put("near", make(4, near), names("near", make(4, near)))

    found = [place for place, _ in kept.nearest(same[0], k=k) if place.document_id == "same"]

    came = {ids[place.row] for place in found}
    assert came >= set(sorted(ids)[:k])
    assert kept.packed().nearest(same[0], k=k) == kept.nearest(same[0], k=k)


def test_equal_vectors_whose_ids_begin_alike_all_come() -> None:
    """What decides among them is read afterwards."""
    same = np.repeat(make(3, 1), 40, axis=0)
    kept = Columns(DIMENSIONS)
    kept.put("a", same[:20], [f"chunk-of-a-{row:02}" for row in range(20)])
    kept.put("b", same[20:], [f"different-{row:02}" for row in range(20)])

    assert {place.document_id for place, _ in kept.nearest(same[0], k=2)} == {"a"}
    assert len(kept.nearest(same[0], k=2)) == 20
    assert len(kept.nearest(same[0], k=25)) == 40


def test_hundreds_of_equal_vectors_are_told_apart_by_their_ids() -> None:
    same = np.repeat(make(3, 1), 500, axis=0)
    kept = Columns(DIMENSIONS)
    for row in range(500):
        kept.put(f"d{row}", same[row : row + 1], [f"{row * 7919 % 500:04x}{row:012x}"])

    found = kept.nearest(same[0], k=10)

    assert sorted(int(place.document_id[1:]) * 7919 % 500 for place, _ in found) == list(range(10))
