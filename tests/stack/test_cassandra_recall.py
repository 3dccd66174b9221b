"""What an index of STACK_VECTORS vectors finds of what is nearest, and how fast. Prints what it measured."""

import os
import time
import timeit
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from esg.domain import Chunk, ChunkKind, Span, Vectors, chunk_id
from esg.embed.cosine import cosines, on_grid
from esg.embed.local import LocalEmbedder
from esg.embed.unit import unit
from esg.index.cassandra import codec, connect
from esg.index.cassandra.store import CassandraStore
from esg.index.nearest import nearest
from esg.resources import cassandra_address
from esg.settings import Settings
from tests.fakes import keyspaces

VECTORS = int(os.environ.get("STACK_VECTORS", "10000"))
PER_DOCUMENT = 500
QUERIES = 100
WRITERS = 2

pytestmark = pytest.mark.skipif(not keyspaces.is_there(), reason="needs STACK_CASSANDRA")


@pytest.fixture(scope="module")
def store() -> Iterator[CassandraStore]:
    with keyspaces.temporary() as name:
        address = cassandra_address(Settings(**keyspaces.settings(name), cassandra_timeout_seconds=60))
        yield CassandraStore(address, embedder_id="recall")


@pytest.mark.timeout(3600)
def test_the_index_finds_what_an_exact_search_finds(
    store: CassandraStore, capsys: pytest.CaptureFixture[str]
) -> None:
    vectors = _vectors(VECTORS + QUERIES)
    vectors, queries = vectors[:VECTORS], vectors[VECTORS:]
    documents = [_document(i, vectors) for i in range(VECTORS // PER_DOCUMENT)]
    started = time.perf_counter()
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(lambda document: store.upsert(*document), documents))
    loaded = time.perf_counter() - started

    assert store.size() == VECTORS
    chunks = [chunk for _, of_document, _ in documents for chunk in of_document]
    nearness = cosines(on_grid(queries), on_grid(vectors))
    recalls, seconds = [], []
    for query, near in zip(queries, nearness, strict=True):
        started = time.perf_counter()
        found = store.search(query, k=10)
        seconds.append(time.perf_counter() - started)
        some = np.argpartition(-near, 100)[:100]
        exact = {chunk.id for chunk, _ in nearest(query, [chunks[i] for i in some], vectors[some], k=10)}
        recalls.append(len(exact & {chunk.id for chunk, _ in found}) / 10)
    with capsys.disabled():
        print(
            f"\n{VECTORS} vectors of 384: written in {loaded:.0f} s ({VECTORS / loaded:.0f}/s), recall@10 "
            f"{np.mean(recalls):.4f} (worst {min(recalls):.1f}), a search of all {_milliseconds(seconds)}"
        )
        print(f"a search of one document of {PER_DOCUMENT}: {_milliseconds(_in_documents(store, queries))}")
    assert np.mean(recalls) >= 0.99


def test_a_vector_is_read_and_written_by_numpy(capsys: pytest.CaptureFixture[str]) -> None:
    vector = unit(np.random.default_rng(0).normal(size=(1, 384)))[0]
    stock = codec.VectorType.__mro__[1].apply_parameters(["FloatType", 384], None)
    ours = codec.VectorType.apply_parameters(["FloatType", 384], None)
    data = stock.serialize(vector.tolist(), connect.PROTOCOL)

    with capsys.disabled():
        for name, kind, value in (("the driver's own", stock, vector.tolist()), ("by NumPy", ours, vector)):
            written = _microseconds(lambda kind=kind, value=value: kind.serialize(value, connect.PROTOCOL))
            read = _microseconds(lambda kind=kind: kind.deserialize(data, connect.PROTOCOL))
            print(f"\na vector of 384, {name}: written in {written:.1f} µs, read in {read:.1f} µs", end="")
    assert ours.serialize(vector, connect.PROTOCOL) == data


def _microseconds(act: Callable[[], object]) -> float:
    return min(timeit.repeat(act, number=200, repeat=5)) / 200 * 1e6


def _in_documents(store: CassandraStore, queries: Vectors) -> list[float]:
    seconds = []
    for i, query in enumerate(queries):
        started = time.perf_counter()
        assert len(store.search(query, documents=[_name(i % (VECTORS // PER_DOCUMENT))], k=10)) == 10
        seconds.append(time.perf_counter() - started)
    return seconds


def _milliseconds(seconds: Sequence[float]) -> str:
    middle, slow = (1000 * np.quantile(seconds, q) for q in (0.5, 0.95))
    return f"median {middle:.0f} ms, 95 % within {slow:.0f} ms"


def _vectors(count: int) -> Vectors:
    """Real sentences' vectors, mixed in pairs and blurred: clustered as texts are."""
    generator = np.random.default_rng(7)
    real = LocalEmbedder().embed(_sentences())
    pairs = real[generator.integers(0, len(real), (count, 2))]
    shares = generator.uniform(0.5, 1.0, (count, 1)).astype(np.float32)
    mixed = shares * pairs[:, 0] + (1 - shares) * pairs[:, 1]
    noise = generator.normal(scale=0.4 / np.sqrt(mixed.shape[1]), size=mixed.shape)
    return unit(mixed + noise)


def _sentences() -> list[str]:
    subjects = ("Scope 1 emissions", "Water withdrawal", "The board", "Our suppliers", "Renewable power")
    subjects += ("Employee turnover", "Waste to landfill", "The transition plan", "An internal carbon price")
    verbs = ("fell by four per cent", "was reviewed twice", "rose against the base year", "is assured by")
    verbs += ("covers every site", "was restated", "is aligned with", "depends on")
    objects = ("in 2024", "the Science Based Targets initiative", "our factories in Asia", "a third party")
    objects += ("the remuneration committee", "a physical risk", "new acquisitions")
    return [f"{s} {v} {o}." for s in subjects for v in verbs for o in objects]


def _name(i: int) -> str:
    return f"{i:064x}"


def _document(i: int, vectors: Vectors) -> tuple[str, list[Chunk], Vectors]:
    name, chunks = _name(i), []
    for j in range(PER_DOCUMENT):
        spans = (Span(1 + j // 5, j, j + 900),)
        text = f"{i} {j} " + "Energy use per tonne of product fell. " * 24
        chunks.append(
            Chunk(chunk_id(name, spans, text), name, spans, text, 200, "Climate > Energy", ChunkKind.PROSE)
        )
    return name, chunks, vectors[i * PER_DOCUMENT : (i + 1) * PER_DOCUMENT]
