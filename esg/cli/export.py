"""`esg export gold`: all scorecards as tables, for a notebook, a database or a spreadsheet."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import click
import pyarrow as pa

from esg.chunk import codec
from esg.cli import gold
from esg.cli.console import emit, json_option, talk
from esg.cli.destination import save
from esg.report import csv as sheets
from esg.resources import open_resources
from esg.settings import Settings


def _csv(table: pa.Table) -> bytes:
    """Write for a spreadsheet, as `esg score --format csv` does: lists by blanks, formulas disarmed."""
    rows = ({name: _cell(value) for name, value in row.items()} for row in table.to_pylist())
    return sheets.sheet(table.column_names, rows).encode()


def _cell(value: object) -> sheets.Cell:
    if isinstance(value, list):
        return " ".join(value)
    if isinstance(value, bool):
        return int(value)
    return value if isinstance(value, str | int | float) else None


def _json(table: pa.Table) -> bytes:
    return (json.dumps(table.to_pylist(), ensure_ascii=False, indent=1) + "\n").encode()


WRITERS: Mapping[str, Callable[[pa.Table], bytes]] = {"parquet": codec.write, "csv": _csv, "json": _json}


@click.group("export")
def command() -> None:
    """Write what is known to files."""


@command.command("gold")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("gold"),
    show_default=True,
    help="A folder; it gets a file for each table.",
)
@click.option(
    "--format",
    "kind",
    type=click.Choice([*WRITERS]),
    default="parquet",
    show_default=True,
    help="How to write them.",
)
@json_option
def export_gold(out: Path, kind: str, as_json: bool) -> None:
    """Write the tables of gold: scores, criteria, figures, claims, disclosures, and the evidence of each.

    The same scorecards give the same bytes.
    """
    tables = gold.tables(open_resources(Settings()))
    written = {
        name: save(out / f"{name}.{kind}", WRITERS[kind](table)) for name, table in sorted(tables.items())
    }
    if as_json:
        emit({name: {"path": str(path), "rows": tables[name].num_rows} for name, path in written.items()})
        return
    for name, path in written.items():
        talk.print(f"wrote {path} ({tables[name].num_rows} rows)", markup=False)
