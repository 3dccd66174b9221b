"""Search over many documents: recall beside an exact search, latency, and memory for each vector."""

import multiprocessing
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from esg.evaluate.bench.machine import this_machine
from esg.evaluate.bench.result import Bar, Figure, Result
from esg.evaluate.bench.rounds import OnTurn
from esg.evaluate.neighbours import QUERIES, Filled, K, Searched, fill, search
from esg.index.duckdb import DuckDBStore

RECALL = Bar(0.99)
EVERYWHERE = Bar(100.0, is_upper=True)  # ms
IN_COMPANY = Bar(25.0, is_upper=True)  # ms
MEMORY = Bar(1.1, is_upper=True)  # of a vector's own bytes
FLOAT_BYTES = 4
NOTES = (
    f"Vectors are synthetic and lie as those of reports do (esg/evaluate/neighbours.py); {QUERIES} queries "
    "a round. Filtered: a company's five documents. A process fills the store, another one searches it, so "
    "that memory is what searching takes, all searches done, over that of its vectors in 32-bit floats.",
)
Open = Callable[[str], DuckDBStore]  # folder → the store in it


def bench_search(
    sizes: Sequence[int], open_store: Open, *, dimensions: int, rounds: int, on_turn: OnTurn = print
) -> Result:
    """Fill a store of so many vectors, size by size, each in a folder that is removed, and search it."""
    machine = this_machine()
    figures: list[Figure] = []
    for size in sizes:
        on_turn(f"{size:,} vectors")
        figures += _figures(*_apart(open_store, size, dimensions, rounds))
    return Result("search", machine, {}, rounds, tuple(figures), notes=NOTES)


def _apart(open_store: Open, vectors: int, dimensions: int, rounds: int) -> tuple[Filled, Searched]:
    """Fill in one fresh process, search in another."""
    context = multiprocessing.get_context("spawn")
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=1) as pool,
    ):
        filled = pool.submit(_fill, open_store, folder, vectors, dimensions).result()
        return filled, pool.submit(_search, open_store, folder, filled, rounds).result()


def _fill(open_store: Open, folder: str, vectors: int, dimensions: int) -> Filled:
    return fill(open_store(folder), vectors=vectors, dimensions=dimensions)


def _search(open_store: Open, folder: str, filled: Filled, rounds: int) -> Searched:
    return search(open_store(folder), filled, rounds=rounds)


def _figures(filled: Filled, found: Searched) -> Iterator[Figure]:
    named = partial("{:,} vectors: {}".format, filled.vectors)
    own = FLOAT_BYTES * filled.dimensions
    yield Figure(named(f"recall@{K}"), "", (found.recall,), RECALL)
    yield Figure(named(f"recall@{K} of the worst query"), "", (found.worst_recall,))
    for where, latencies, bar in (
        ("everywhere", found.everywhere, EVERYWHERE),
        ("filtered", found.in_company, IN_COMPANY),
    ):
        yield Figure(named(f"{where}, p50"), "ms", tuple(each.p50 for each in latencies))
        yield Figure(named(f"{where}, p95"), "ms", tuple(each.p95 for each in latencies), bar)
    yield Figure(named("memory of a vector"), "bytes", (found.bytes_per_vector,))
    yield Figure(named("memory / its own size"), "×", (found.bytes_per_vector / own,), MEMORY)
    yield Figure(named("first search of a process"), "ms", (found.first_ms,))
    yield Figure(named("loading all into memory"), "s", (found.loaded_seconds,))
    yield Figure(named("writing all"), "s", (filled.written_seconds,))
