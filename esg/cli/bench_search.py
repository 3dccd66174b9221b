"""`esg bench search`: how exact, how fast and how large search over many documents is."""

from functools import partial

import click

from esg.cli.bench_told import measuring, tell
from esg.cli.console import json_option
from esg.cli.options import rounds_option
from esg.evaluate.bench.search import bench_search
from esg.index.duckdb import DuckDBStore
from esg.resources import open_resources
from esg.settings import Settings

LEAST = 1000


@click.command("search")
@click.option(
    "--vectors", "sizes", type=click.IntRange(LEAST, 10_000_000), multiple=True, default=(100_000,),
    show_default=True, help="How many; may be given several times.",
)  # fmt: skip
@rounds_option
@json_option
def command(sizes: tuple[int, ...], rounds: int, as_json: bool) -> None:
    """Fill the embedded store with synthetic vectors, so many at a time, and search it: all, and a company's.

    Recall is of the ten nearest beside an exact search. Each size has processes and a folder of its own,
    which is removed; a million vectors take some minutes and 4 GB of disk.
    """
    settings = Settings()
    open_store = partial(DuckDBStore, embedder_id="bench", memory_bytes=settings.search_memory_bytes)
    dimensions = open_resources(settings).embedder.dimensions
    with measuring() as on_turn:
        found = bench_search(sizes, open_store, dimensions=dimensions, rounds=rounds, on_turn=on_turn)
    tell(found, as_json=as_json)
