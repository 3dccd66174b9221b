"""`esg dlq …`: what was quarantined, why, and what to do with it."""

from dataclasses import asdict
from functools import partial

import click
from rich.markup import escape
from rich.table import Column, Table

from esg.cli import bounded, prefix
from esg.cli.console import answer, emit, json_option, talk
from esg.resources import open_resources
from esg.settings import Settings
from esg.state import DeadLetter, State


@click.group("dlq")
def command() -> None:
    """List, show, retry or drop dead letters: documents in quarantine, each with its reason."""


@command.command("list")
@click.option("--all", "every", is_flag=True, help="Also those retried or dropped.")
@click.option("--limit", type=bounded.COUNT, default=100, show_default=True, help="How many at most.")
@json_option
def list_letters(every: bool, limit: int, as_json: bool) -> None:
    """List dead letters, the latest first."""
    letters = _state().dead_letters(limit, "all" if every else "open")
    if as_json:
        emit([asdict(letter) for letter in letters])
    elif letters:
        answer().print(_table(letters))
    else:
        talk.print("no dead letters")


@command.command("show")
@click.argument("letter_id", metavar="ID")
@json_option
def show(letter_id: str, as_json: bool) -> None:
    """Show one in full, by the start of its id, with its traceback and the worker it happened on."""
    state = _state()
    letter = state.dead_letter(_whole(state, letter_id))
    if as_json:
        emit(asdict(letter))
        return
    for name, value in asdict(letter).items():
        answer().print(f"[bold]{name:14}[/] {escape(str(value))}")


@command.command("retry")
@click.argument("letter_ids", nargs=-1, required=True, metavar="ID…")
@json_option
def retry(letter_ids: tuple[str, ...], as_json: bool) -> None:
    """Try again, each by the start of its id; what had stood still because of it goes on."""
    state = _state()
    letters = [state.retry_dead_letter(name) for name in [_whole(state, name) for name in letter_ids]]
    _tell(letters, "is queued again; a running fleet takes it up (esg up)", as_json=as_json)


@command.command("drop")
@click.argument("letter_ids", nargs=-1, required=True, metavar="ID…")
@json_option
def drop(letter_ids: tuple[str, ...], as_json: bool) -> None:
    """Put away for good, each by the start of its id; the document stays as it ended."""
    state = _state()
    letters = [state.drop_dead_letter(name) for name in [_whole(state, name) for name in letter_ids]]
    _tell(letters, "is dropped", as_json=as_json)


def _whole(state: State, name: str) -> str:
    """The id that begins with what was given; raises EsgError where none does or several do."""
    letters = partial(state.dead_letters, prefix.LOOKED_THROUGH, "all")
    return state.dead_letter(prefix.completed(name, lambda: [letter.id for letter in letters()])).id


def _state() -> State:
    return open_resources(Settings()).state


def _tell(letters: list[DeadLetter], what: str, *, as_json: bool) -> None:
    if as_json:
        emit([asdict(letter) for letter in letters])
        return
    for letter in letters:
        talk.print(f"{letter.id} {what}")


def _table(letters: list[DeadLetter]) -> Table:
    table = Table(
        Column("id", no_wrap=True),
        "stage",
        "reason",
        "what happened",
        "document",
        "last seen",
        box=None,
        header_style="dim",
    )
    for letter in letters:
        document, seen = (letter.document_id or "")[:12], f"{letter.last_seen:%Y-%m-%d %H:%M}"
        table.add_row(letter.id, letter.stage, letter.reason_code, escape(letter.reason), document, seen)
    return table
