"""What every vector store promises: those of the house and the one that ESG_VECTOR_STORE names, all alike."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st

from esg import errors
from esg.domain import Chunk, ChunkKind, Span, Vectors, chunk_id
from esg.embed.unit import unit
from esg.index import VectorStore
from esg.index.duckdb import DuckDBStore
from esg.index.memory import MemoryStore
from esg.resources import STORES, find_opener
from esg.settings import Settings
from tests.fakes import keyspaces
from tests.fakes.stores import S3, s3_url

A, B, C = "a" * 64, "b" * 64, "c" * 64
OpenStore = Callable[[], VectorStore]


NAMES = dict.fromkeys(
    name for name in (*STORES, Settings().vector_store) if name != "cassandra" or keyspaces.is_there()
)


@pytest.fixture(scope="module")
def keyspace() -> Iterator[str]:
    """A keyspace of one's own, where there is a Cassandra."""
    with keyspaces.temporary() as name:
        yield name


@pytest.fixture
def settings(tmp_path: Path, keyspace: str) -> Iterator[Settings]:
    """Give settings with which every store starts empty."""
    made = Settings(home=tmp_path, lake_url=str(tmp_path / "lake"), **keyspaces.settings(keyspace))
    yield made
    keyspaces.empty(keyspace)


@pytest.fixture(
    params=[*NAMES, "duckdb through arrow", "duckdb from memory", *(f"duckdb in {name}" for name in S3)]
)
def open_store(request: pytest.FixtureRequest, settings: Settings) -> OpenStore:
    """Open a store; every call gives another handle on the same one."""
    name, _, how = request.param.partition(" ")
    if how == "through arrow":  # DuckDB would take [1] for a pattern
        settings = settings.model_copy(update={"lake_url": f"{settings.lake_url} [1]"})
    elif how == "in s3":
        settings = settings.model_copy(update={"lake_url": s3_url()})
    opener = find_opener(STORES, name, setting="ESG_VECTOR_STORE")
    if name == "memory":
        memory = opener(settings, embedder_id="letters")
        return lambda: memory
    if how == "from memory":
        return lambda: warmed(opener(settings, embedder_id="letters"))
    return lambda: opener(settings, embedder_id="letters")


def warmed(store: VectorStore) -> VectorStore:
    """A store that has searched all before, and so answers from memory."""
    assert isinstance(store, DuckDBStore)
    store.warm(16)
    return store


def make_chunks(document_id: str, count: int) -> list[Chunk]:
    chunks = []
    for i in range(count):
        spans = (Span(1, i * 10, i * 10 + 5), Span(2, 0, i + 1))
        text = f"Scope {i}: 1 170 t CO₂e\n範疇一"
        name = chunk_id(document_id, spans, text)
        chunks.append(Chunk(name, document_id, spans, text, 9, "Climate > Targets", ChunkKind.TABLE))
    return chunks


def make_vectors(seed: int, count: int) -> Vectors:
    return unit(np.random.default_rng(seed).normal(size=(count, 16)))


def fill(store: VectorStore, *documents: str, count: int = 20) -> None:
    for seed, document_id in enumerate(documents):
        store.upsert(document_id, make_chunks(document_id, count), make_vectors(seed, count))


def names(found: Sequence[tuple[Chunk, float]]) -> list[str]:
    return [chunk.id for chunk, _ in found]


def test_a_document_comes_back_as_it_was_written(open_store: OpenStore) -> None:
    fill(open_store(), A)

    chunks, vectors = open_store().load(A)

    assert chunks == make_chunks(A, 20)
    assert vectors.tobytes() == make_vectors(0, 20).tobytes()
    assert vectors.dtype == np.float32


def test_a_document_that_is_not_there_is_named(open_store: OpenStore) -> None:
    with pytest.raises(errors.NotFound, match=A):
        open_store().load(A)


def test_an_empty_store_answers_nothing(open_store: OpenStore) -> None:
    store = open_store()

    assert store.search(make_vectors(0, 1)[0], k=5) == []
    assert store.size() == 0


def test_upsert_is_idempotent(open_store: OpenStore) -> None:
    fill(open_store(), A, B)
    fill(open_store(), A, B)

    assert open_store().size() == 40
    assert len(open_store().search(make_vectors(0, 1)[0], k=100)) == 40


def test_upsert_replaces_a_document_whole(open_store: OpenStore) -> None:
    store = open_store()
    fill(store, A, count=20)
    store.upsert(A, make_chunks(A, 3), make_vectors(7, 3))

    assert store.load(A)[0] == make_chunks(A, 3)
    assert store.size() == 3


def test_a_document_may_have_no_chunks(open_store: OpenStore) -> None:
    store = open_store()
    store.upsert(A, [], make_vectors(0, 0))
    store.upsert(C, [], np.empty((0, 0), np.float32))
    fill(store, B)

    chunks, vectors = store.load(A)
    assert (chunks, len(vectors)) == ([], 0)
    assert len(store.search(make_vectors(0, 1)[0], k=100)) == 20


def test_vectors_must_belong_to_the_chunks(open_store: OpenStore) -> None:
    store = open_store()

    with pytest.raises(ValueError, match="2 vectors and 3 chunks"):
        store.upsert(A, make_chunks(A, 3), make_vectors(0, 2))
    with pytest.raises(ValueError, match="not those of"):
        store.upsert(A, make_chunks(B, 3), make_vectors(0, 3))


def test_the_nearest_come_first(open_store: OpenStore) -> None:
    fill(open_store(), A, B)
    query = make_vectors(1, 20)[4]

    found = open_store().search(query, k=7)

    expected = sorted(
        (
            (-round(float(row @ query), 3), chunk.id)
            for seed, document_id in enumerate((A, B))
            for chunk, row in zip(make_chunks(document_id, 20), make_vectors(seed, 20), strict=True)
        )
    )
    assert names(found) == [name for _, name in expected[:7]]
    assert found[0][0] == make_chunks(B, 20)[4]
    assert found[0][1] == 1.0
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


def test_a_search_keeps_to_its_documents(open_store: OpenStore) -> None:
    fill(open_store(), A, B, C)
    query = make_vectors(1, 20)[4]

    found = open_store().search(query, documents=[A, C, "unknown"], k=100)

    assert {chunk.document_id for chunk, _ in found} == {A, C}
    assert len(found) == 40
    assert open_store().search(query, documents=[], k=5) == []


@pytest.mark.parametrize(("k", "count"), [(0, 0), (1, 1), (20, 20), (1000, 20)])
def test_k_is_at_most_what_there_is(open_store: OpenStore, k: int, count: int) -> None:
    fill(open_store(), A)

    assert len(open_store().search(make_vectors(0, 1)[0], k=k)) == count


def test_equal_cosines_are_ordered_by_chunk_id_even_across_the_last_place(open_store: OpenStore) -> None:
    store = open_store()
    same = np.repeat(make_vectors(3, 1), 30, axis=0)
    for document_id in (B, A):
        store.upsert(document_id, make_chunks(document_id, 30), same)

    found = store.search(same[0], k=10)

    everything = sorted(chunk.id for name in (A, B) for chunk in make_chunks(name, 30))
    assert names(found) == everything[:10]


def test_a_zero_vector_is_kept_and_at_right_angles_to_everything(open_store: OpenStore) -> None:
    store, memory = open_store(), MemoryStore()
    vectors = make_vectors(0, 6)
    vectors[3], vectors[4] = 0, -vectors[0]
    for each in (store, memory):
        each.upsert(A, make_chunks(A, 6), vectors)
        each.upsert(B, make_chunks(B, 2), np.zeros((2, 16), np.float32))

    assert store.load(A)[1].tobytes() == vectors.tobytes()
    for query in (vectors[0], vectors[3]):
        for k in (2, 7, 100):
            assert store.search(query, k=k) == memory.search(query, k=k)
    assert store.search(vectors[0], documents=[B], k=5) == memory.search(vectors[0], documents=[B], k=5)


def test_delete_forgets_a_document_and_may_be_repeated(open_store: OpenStore) -> None:
    fill(open_store(), A, B)

    open_store().delete(A)
    open_store().delete(A)

    assert open_store().size() == 20
    with pytest.raises(errors.NotFound):
        open_store().load(A)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "memory"])
@trials(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.integers(-3, 3), min_size=4, max_size=4).filter(any),
    st.lists(st.lists(st.integers(-3, 3), min_size=4, max_size=4), min_size=1, max_size=12),
    st.integers(1, 14),
)
def test_it_agrees_with_the_reference_ties_included(
    settings: Settings, name: str, query: list[int], points: list[list[int]], k: int
) -> None:
    opener = find_opener(STORES, name, setting="ESG_VECTOR_STORE")
    grand = opener(settings, embedder_id="points")
    memory = MemoryStore()
    vectors = unit(np.array(points))
    for store in (memory, grand):
        store.upsert(A, make_chunks(A, len(points)), vectors)

    wanted = unit(np.array([query]))[0]
    assert memory.search(wanted, k=k) == grand.search(wanted, k=k)


def test_embedders_do_not_mix(settings: Settings) -> None:
    for name in NAMES:
        opener = find_opener(STORES, name, setting="ESG_VECTOR_STORE")
        fill(opener(settings, embedder_id="one"), A)

        assert opener(settings, embedder_id="two").size() == 0


# -- DuckDB alone: many processes, damage


def _rewrite(folder: Path) -> None:
    store = DuckDBStore(str(folder), embedder_id="letters")
    for _ in range(15):
        fill(store, A, B)


def test_readers_see_whole_objects_while_they_are_rewritten(tmp_path: Path) -> None:
    store = DuckDBStore(str(tmp_path), embedder_id="letters")
    fill(store, A, B)
    query = make_vectors(1, 20)[4]
    expected = names(store.search(query, k=5))
    writer = multiprocessing.get_context("spawn").Process(target=_rewrite, args=(tmp_path,))
    writer.start()

    while writer.is_alive():
        assert names(store.search(query, k=5)) == expected
    writer.join()

    assert writer.exitcode == 0
    assert store.size() == 40


def test_a_damaged_object_is_named(tmp_path: Path) -> None:
    store = DuckDBStore(str(tmp_path), embedder_id="letters")
    fill(store, A)
    (path,) = (tmp_path / "index").rglob("*.parquet")
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 0xFF
    path.write_bytes(data)

    with pytest.raises(errors.Rejected, match=rf"{A}\.parquet is damaged"):
        store.load(A)
    path.write_bytes(b"not parquet")
    with pytest.raises(errors.Rejected, match="damaged"):
        store.search(make_vectors(0, 1)[0], k=1)
