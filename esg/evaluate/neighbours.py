"""A vector store of many documents → how near its answers are to an exact search, how fast, and in how much
memory.

Vectors are synthetic and lie as those of reports do: each is a mixture of two of some thousand topics with
noise around it, and one in twenty is boilerplate that other documents have word for word. Queries are drawn
alike.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from esg.domain import Chunk, ChunkKind, Span, Vectors, chunk_id
from esg.embed.cosine import cosines, on_grid
from esg.embed.unit import unit
from esg.evaluate.memory import MIB, resident_mib
from esg.index.duckdb import DuckDBStore

PER_DOCUMENT = 200  # chunks
COMPANY = 5  # documents that a filtered search is narrowed to
TOPICS = 2000
BOILERPLATE = 0.05
NOISE = 0.4
QUERIES = 100
K = 10
_SEED = 7


@dataclass(frozen=True, slots=True)
class Filled:
    """A store with so many vectors in it, and the ids of those nearest to each query, found exactly."""

    documents: int
    dimensions: int
    written_seconds: float
    nearest: list[list[str]]

    @property
    def vectors(self) -> int:
        return self.documents * PER_DOCUMENT


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds."""

    p50: float
    p95: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Latency":
        return cls(*(float(1000 * np.quantile(seconds, q)) for q in (0.5, 0.95)))


@dataclass(frozen=True, slots=True)
class Searched:
    """What searching did; `first_ms` is the search of a process that has no vectors in memory."""

    first_ms: float
    loaded_seconds: float
    everywhere: tuple[Latency, ...]  # one for each round
    in_company: tuple[Latency, ...]
    recall: float
    worst_recall: float
    bytes_per_vector: float  # of memory, after all searches; 4 × dimensions are a vector's own


def fill(store: DuckDBStore, *, vectors: int, dimensions: int) -> Filled:
    """Fill an empty store."""
    topics, queries = _topics(dimensions), _queries(dimensions)
    nearest = _Nearest(queries)
    documents = max(COMPANY, vectors // PER_DOCUMENT)
    written = 0.0
    for number in range(documents):
        rows = _vectors(topics, PER_DOCUMENT, seed=_SEED + 2 + number)
        chunks = list(_chunks(_name(number)))
        nearest.look(chunks, rows)
        written += _timed(partial(store.upsert, _name(number), chunks, rows))
    return Filled(documents, dimensions, written, nearest.ids())


def search(store: DuckDBStore, filled: Filled, *, rounds: int) -> Searched:
    """Search the filled store, in a process of its own: memory is then what searching alone takes."""
    queries = _queries(filled.dimensions)
    before = resident_mib()
    first = _timed(lambda: store.search(queries[0], k=K))
    loaded = _timed(lambda: store.warm(filled.dimensions))
    everywhere, in_company, recalls = [], [], [0.0]
    for _ in range(rounds + 1):  # one more warms up
        found, seconds = _searched(store, queries, lambda _: None)
        everywhere.append(Latency.of(seconds))
        recalls = [len(set(near) & set(ids)) / K for near, ids in zip(filled.nearest, found, strict=True)]
        _, seconds = _searched(store, queries, partial(_company, filled.documents))
        in_company.append(Latency.of(seconds))
    return Searched(
        1000 * first,
        loaded,
        tuple(everywhere[1:]),
        tuple(in_company[1:]),
        float(np.mean(recalls)),
        min(recalls),
        (resident_mib() - before) * MIB / filled.vectors,
    )


def _company(documents: int, query: int) -> list[str]:
    """The documents that a filtered search is narrowed to: others for each query."""
    return [_name((query + number) % documents) for number in range(COMPANY)]


def _topics(dimensions: int) -> Vectors:
    return unit(np.random.default_rng(_SEED).normal(size=(TOPICS, dimensions)))


def _queries(dimensions: int) -> Vectors:
    return _vectors(_topics(dimensions), QUERIES, seed=_SEED + 1)


class _Nearest:
    """An exact search beside the store's, over vectors as they come."""

    def __init__(self, queries: Vectors) -> None:
        self._queries = queries
        self._scores = np.full((len(queries), K), -2.0)
        self._ids = np.full((len(queries), K), "", "U16")

    def look(self, chunks: Sequence[Chunk], rows: Vectors) -> None:
        """Keep the best of what there is; equal ones by chunk id, as every store does."""
        scores = np.concatenate([self._scores, cosines(on_grid(self._queries), on_grid(rows))], axis=1)
        names = np.array([chunk.id for chunk in chunks])
        ids = np.concatenate([self._ids, np.broadcast_to(names, (len(self._queries), len(names)))], axis=1)
        order = np.lexsort((ids, -scores), axis=1)[:, :K]
        self._scores = np.take_along_axis(scores, order, axis=1)
        self._ids = np.take_along_axis(ids, order, axis=1)

    def ids(self) -> list[list[str]]:
        return [[str(name) for name in row] for row in self._ids]


def _searched(
    store: DuckDBStore, queries: Vectors, documents: Callable[[int], Sequence[str] | None]
) -> tuple[list[list[str]], list[float]]:
    found, seconds = [], []
    for i, query in enumerate(queries):
        wanted, started = documents(i), time.perf_counter()
        near = store.search(query, documents=wanted, k=K)
        seconds.append(time.perf_counter() - started)
        found.append([chunk.id for chunk, _ in near])
    return found, seconds


def _vectors(topics: Vectors, count: int, *, seed: int) -> Vectors:
    generator = np.random.default_rng(seed)
    pairs = topics[generator.integers(0, len(topics), (count, 2))]
    shares = generator.uniform(0.5, 1.0, (count, 1)).astype(np.float32)
    noise = generator.normal(scale=NOISE / np.sqrt(topics.shape[1]), size=(count, topics.shape[1]))
    rows = unit(shares * pairs[:, 0] + (1 - shares) * pairs[:, 1] + noise)
    same = generator.random(count) < BOILERPLATE
    rows[same] = topics[generator.integers(0, 100, int(same.sum()))]
    return rows


def _chunks(name: str) -> Iterator[Chunk]:
    for place in range(PER_DOCUMENT):
        spans = (Span(1 + place // 5, place, place + 900),)
        text = f"{place} " + "Energy use per tonne of product fell. " * 24
        yield Chunk(chunk_id(name, spans, text), name, spans, text, 200, "Climate > Energy", ChunkKind.PROSE)


def _name(number: int) -> str:
    return f"{number:064x}"


def _timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
