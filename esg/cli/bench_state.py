"""`esg bench state`: how many stage runs a second a database takes."""

import tempfile
from dataclasses import asdict
from pathlib import Path

import click

from esg.cli.console import answer, emit, json_option, talk
from esg.errors import Rejected
from esg.evaluate.state_rate import StateRate, measure
from esg.resources import open_resources
from esg.settings import Settings


@click.command("state")
@click.option("--documents", type=click.IntRange(min=1), default=500, show_default=True, help="Submitted.")
@click.option("--batches", type=click.IntRange(min=1), default=4, show_default=True, help="Of each.")
@click.option("--threads", type=click.IntRange(1, 16), default=8, show_default=True, help="That work.")
@click.option("--database", default="", help="URL of an empty database; by default SQLite in a new folder.")
@json_option
def command(documents: int, batches: int, threads: int, database: str, as_json: bool) -> None:
    """Tell how many stage runs a second a database takes when their bodies are empty, and what these ask of
    it.

    The rows stay in the database that is named: give one that is empty and made for this.
    """
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), database_url=database)
        state = open_resources(settings).state
        if state.backlog() or state.list_documents(1):
            raise Rejected(
                "That database is in use.",
                code="bad_arguments",
                next_step="Name an empty one with --database.",
            )
        with talk.status(f"{documents} documents"):
            found = measure(state, documents=documents, batches=batches, threads=threads)
        state.close()
    if as_json:
        emit(asdict(found) | {"stage_runs_per_second": found.per_second})
    else:
        _tell(found)


def _tell(found: StateRate) -> None:
    answer().print(
        f"{found.stage_runs} stage runs by {found.threads} threads in {found.seconds:.1f} s: "
        f"{found.per_second:.0f} a second"
    )
    for what, asked in found.asked.items():
        statements, transactions = (n / found.times[what] for n in (asked.statements, asked.transactions))
        answer().print(f"a {what}: {statements:.1f} statements, {transactions:.1f} transactions")
