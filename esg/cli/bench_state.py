"""`esg bench state`: how many stage runs a second a database takes."""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click

from esg.cli.bench_told import measuring, tell
from esg.cli.console import json_option
from esg.cli.options import rounds_option
from esg.errors import Rejected
from esg.evaluate.bench.state import bench_state
from esg.resources import open_resources
from esg.settings import Settings
from esg.state import State


@click.command("state")
@click.option(
    "--documents", type=click.IntRange(min=1), default=500, show_default=True, help="Submitted in a round."
)
@click.option("--batches", type=click.IntRange(min=1), default=4, show_default=True, help="Of each.")
@click.option("--threads", type=click.IntRange(1, 16), default=8, show_default=True, help="That work.")
@click.option("--database", default="", help="URL of an empty database; by default SQLite in a new folder.")
@rounds_option
@json_option
def command(documents: int, batches: int, threads: int, database: str, rounds: int, as_json: bool) -> None:
    """Tell how many stage runs a second a database takes when their bodies are empty, and what these ask of
    it.

    The rows stay in the database that is named: give one that is empty and made for this.
    """
    with _empty(database) as state, measuring() as on_turn:
        found = bench_state(
            state, documents=documents, batches=batches, threads=threads, rounds=rounds, on_turn=on_turn
        )
    tell(found, as_json=as_json)


@contextmanager
def _empty(database: str) -> Iterator[State]:
    """Open the database; raises Rejected for one that is in use."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), database_url=database)
        with closing(open_resources(settings).state) as state:
            if state.backlog() or state.list_documents(1):
                raise Rejected(
                    "That database is in use.",
                    code="bad_arguments",
                    next_step="Name an empty one with --database.",
                )
            yield state
