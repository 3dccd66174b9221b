"""`esg rescore [DOC|COMPANY…]`: what was read before, judged by another rubric or by one that has changed."""

import time
from collections.abc import Sequence
from pathlib import Path

import click

from esg import errors
from esg.cli import bounded, local, prefix, through_fleet
from esg.cli.console import json_option
from esg.cli.destination import destination
from esg.cli.options import format_option, rubric_option, workers_option
from esg.cli.score import finish, wanted_formats
from esg.domain import Document
from esg.resources import open_resources
from esg.settings import Settings
from esg.state import State


@click.command("rescore")
@click.argument("names", nargs=-1, metavar="[DOC|COMPANY]…")
@click.option("--year", type=bounded.YEAR, help="Only what covers this year.")
@rubric_option
@click.option("--local", "is_local", is_flag=True, help="Judge here, without a broker; no scorecard is kept.")
@click.option("--force", is_flag=True, help="Do everything anew, also what is there already.")
@workers_option
@click.option("--out", type=click.Path(path_type=Path), help="A folder, or a file for one document.")
@format_option
@json_option
def command(
    names: tuple[str, ...],
    year: int | None,
    rubric: str | None,
    is_local: bool,
    force: bool,
    workers: int,
    out: Path | None,
    formats: str,
    as_json: bool,
) -> None:
    """Score reports again: documents (by the start of their ids), companies, or all that were read.

    Nothing is fetched, read or embedded again; what this rubric has scored already is not scored twice.
    """
    kinds = wanted_formats(formats)
    opened = open_resources(Settings(rubric=rubric) if rubric else Settings())
    documents = chosen(opened.state, names, year)
    to = destination(out, kinds, sources=len(documents)) if out is not None else None
    started = time.monotonic()
    outcomes = (
        local.score_again(documents, opened)
        if is_local
        else through_fleet.score_again(documents, opened, force=force, workers=workers)
    )
    seconds = time.monotonic() - started
    finish(outcomes, opened, to=to, as_json=as_json, seconds=seconds, is_kept=not is_local)


def chosen(state: State, names: Sequence[str], year: int | None) -> list[Document]:
    """The documents that are meant, each once; raises NotFound for a name that none of them has."""
    every = [record.document for record in state.readable(year=year)]
    found = [_named(state, every, name, year) for name in names] if names else [every]
    documents = list({document.id: document for one in found for document in one}.values())
    if not documents:
        raise errors.NotFound("No report was read yet.", next_step="Score one with: esg score FILE")
    return documents


def _named(state: State, every: Sequence[Document], name: str, year: int | None) -> list[Document]:
    by_id = [document for document in every if prefix.is_start(name, document.id)]
    found = by_id or [record.document for record in state.readable(name, year)]
    if not found:
        when = f" of {year}" if year else ""
        raise errors.NotFound(
            f"There is no report{when} that was read of {name!r}.", next_step="`esg status` lists the latest."
        )
    return found
