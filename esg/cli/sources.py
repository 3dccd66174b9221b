"""`esg sources …`: folders, URL lists, sitemaps and EDGAR companies that are looked at again and again."""

from collections.abc import Sequence
from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table

from esg.cli import prefix
from esg.cli.console import answer, emit, json_option, talk
from esg.rescan import scan as scan_slice
from esg.resources import Resources, open_resources
from esg.settings import Settings
from esg.sources import Kind, Source, check_user_agent, validate
from esg.state import ItemRecord, SourceRecord, State

DAY = 86_400


@click.group("sources")
def command() -> None:
    """Keep the sources that new and changed reports are fetched from."""


@command.command("add")
@click.argument("kind", type=click.Choice([kind.value for kind in Kind]))
@click.argument("location")
@click.option("--include", multiple=True, help="Of a sitemap: URLs like this; *.pdf where none is given.")
@click.option("--exclude", multiple=True, help="Of a sitemap: no URLs like this.")
@click.option("--form", "forms", multiple=True, help="Of EDGAR; 10-K, 20-F, 40-F, DEF 14A if none is given.")
@click.option("--since", default="", help="Of EDGAR: filings from this day on, as in 2023-01-31.")
@click.option(
    "--every",
    "every_seconds",
    type=click.IntRange(60, 365 * DAY),
    default=DAY,
    show_default=True,
    help="Seconds between two looks.",
)
@json_option
def add(
    kind: str, location: str, since: str, every_seconds: int, as_json: bool, **lists: Sequence[str]
) -> None:
    """Add a source, or change one: a folder, a file of urls (url,company,year) or its URL, a sitemap's URL,
    or a company's CIK at EDGAR. The fleet looks at it within minutes.
    """
    opened = open_resources(Settings())
    options = {name: value for name, value in {**lists, "since": since}.items() if value}
    source = Source(Kind(kind), _absolute(location), options)
    validate(source)
    if source.kind is Kind.EDGAR:
        check_user_agent(opened.settings.edgar_user_agent)
    is_new = opened.state.add_source(source, every_seconds)
    if as_json:
        emit(_plain(opened.state.source(source.id)))
    else:
        talk.print(f"{'added' if is_new else 'changed'} {source.id}", markup=False)


@command.command("list")
@json_option
def list_sources(as_json: bool) -> None:
    """List the sources, what each has given, and what failed."""
    records = _state().sources()
    if as_json:
        emit([_plain(record) for record in records])
    elif records:
        answer().print(_table(records))
    else:
        talk.print("there is no source; add one with: esg sources add KIND LOCATION")


@command.command("show")
@click.argument("source_id", metavar="ID")
@json_option
def show(source_id: str, as_json: bool) -> None:
    """Show what a source lists, and what became of each document."""
    state = _state()
    records = state.source_items(state.source(_whole(state, source_id)).source.id)
    if as_json:
        emit([_plain_item(record) for record in records])
        return
    for record in records:
        note = record.error or ("gone" if record.is_gone else "")
        answer().print(f"{record.document_id[:12]:12} {record.item.url} {note}", markup=False)


@command.command("remove")
@click.argument("source_id", metavar="ID")
@json_option
def remove(source_id: str, as_json: bool) -> None:
    """Look at a source no more; its documents stay."""
    state = _state()
    whole = _whole(state, source_id)
    state.remove_source(whole)
    if as_json:
        emit({"removed": whole})
    else:
        talk.print(f"removed {whole}", markup=False)


@command.command("scan")
@click.argument("source_ids", nargs=-1, metavar="[ID]…")
@json_option
def scan(source_ids: tuple[str, ...], as_json: bool) -> None:
    """Look at sources now, here; at all of them where none is named. A running fleet scores what is found."""
    opened = open_resources(Settings())
    names = [_whole(opened.state, name) for name in source_ids]
    names = names or [record.source.id for record in opened.state.sources()]
    records = [_scanned(opened, name) for name in names]
    if as_json:
        emit([_plain(record) for record in records])
    else:
        answer().print(_table(records))


def _scanned(opened: Resources, source_id: str) -> SourceRecord:
    opened.state.wake_source(source_id)
    with talk.status(f"looking at {source_id}"):
        while scan_slice(opened, source_id):
            pass
    return opened.state.source(source_id)


def _table(records: Sequence[SourceRecord]) -> Table:
    columns = ("id", "kind", "location", "items", "documents", "gone", "failing", "next scan", "error")
    table = Table(*columns, box=None, header_style="dim")
    for record in records:
        counts = (record.items, record.documents, record.gone, record.failing)
        where = (record.source.id, record.source.kind, record.source.location)
        cells = (*where, *counts, f"{record.next_scan:%Y-%m-%d %H:%M}", record.error)
        table.add_row(*(escape(str(cell)) for cell in cells))
    return table


def _plain(record: SourceRecord) -> dict[str, object]:
    source = record.source
    counts = ("items", "documents", "gone", "failing", "failures", "error", "every_seconds")
    return {
        "id": source.id,
        "kind": source.kind.value,
        "location": source.location,
        "options": dict(source.options),
        **{name: getattr(record, name) for name in counts},
        "next_scan": record.next_scan.isoformat(),
        "last_success": record.succeeded_at.isoformat() if record.succeeded_at else None,
    }


def _plain_item(record: ItemRecord) -> dict[str, object]:
    facts = {"document": record.document_id, "gone": record.is_gone, "error": record.error}
    return record.item._asdict() | facts


def _whole(state: State, name: str) -> str:
    return prefix.completed(name, lambda: [record.source.id for record in state.sources()])


def _absolute(location: str) -> str:
    """A path as every worker finds it; anything else as it is."""
    path = Path(location)
    return str(path.resolve()) if "://" not in location and path.exists() else location


def _state() -> State:
    return open_resources(Settings()).state
