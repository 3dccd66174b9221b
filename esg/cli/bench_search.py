"""`esg bench search`: how exact, how fast and how large search over many documents is."""

import multiprocessing
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict

import click
from rich.table import Table

from esg.cli.console import answer, emit, json_option, talk
from esg.evaluate.neighbours import Searched, measure
from esg.index.duckdb import DuckDBStore
from esg.resources import open_resources
from esg.settings import Settings

LEAST = 1000


@click.command("search")
@click.option(
    "--vectors", "sizes", type=click.IntRange(LEAST, 10_000_000), multiple=True, default=(100_000,),
    show_default=True, help="How many; may be given several times.",
)  # fmt: skip
@json_option
def command(sizes: tuple[int, ...], as_json: bool) -> None:
    """Fill the embedded store with synthetic vectors, so many at a time, and search it: all, and a company's.

    Recall is of the ten nearest beside an exact search. Each size has a process and a folder of its own,
    which is removed; a million vectors take some minutes and 4 GB of disk.
    """
    settings = Settings()
    dimensions = open_resources(settings).embedder.dimensions
    found = []
    with talk.status("") as status:
        for size in sizes:
            status.update(f"{size} vectors")
            found.append(_apart(size, dimensions, settings.search_memory_bytes))
    if as_json:
        emit([asdict(one) for one in found])
    else:
        _tell(found)


def _apart(vectors: int, dimensions: int, memory_bytes: int) -> Searched:
    """Do it in a fresh process, so that memory is this size's own."""
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(_measure, vectors, dimensions, memory_bytes, folder).result()


def _measure(vectors: int, dimensions: int, memory_bytes: int, folder: str) -> Searched:
    store = DuckDBStore(folder, embedder_id="bench", memory_bytes=memory_bytes)
    return measure(store, vectors=vectors, dimensions=dimensions)


def _tell(found: list[Searched]) -> None:
    head = (
        "vectors",
        "recall@10",
        "worst",
        "all p50",
        "p95",
        "company p50",
        "p95",
        "first",
        "loading",
        "a vector",
    )
    table = Table(*head, box=None, header_style="dim")
    for one in found:
        times = (one.everywhere.p50, one.everywhere.p95, one.in_company.p50, one.in_company.p95, one.first_ms)
        table.add_row(
            f"{one.vectors:,}",
            f"{one.recall:.3f}",
            f"{one.worst_recall:.1f}",
            *(f"{ms:.0f} ms" for ms in times),
            f"{one.loaded_seconds:.1f} s",
            f"{one.bytes_per_vector:.0f} bytes",
        )
    answer().print(table)
