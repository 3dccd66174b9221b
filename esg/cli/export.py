"""`esg export …`: all scorecards as tables, and what analysts say of them as labels."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click
import pyarrow as pa

from esg import labelled
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


@command.command("labels")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("reviewed"),
    show_default=True,
    help="A folder; it gets labels/reports/*.json and the documents in reports/.",
)
@json_option
def export_labels(out: Path, as_json: bool) -> None:
    """Write the reviews of analysts as labels, for `esg eval levels` and `esg eval kpis`.

    An accepted level or figure is the scorecard's, a corrected one the analyst's; a rejected one is left out.
    """
    opened = open_resources(Settings())
    written = []
    for label in labelled.labels(opened.state):
        text = json.dumps(label.content, ensure_ascii=False, indent=1) + "\n"
        path = save(out / "labels" / "reports" / f"{Path(label.file).stem}.json", text.encode())
        save(out / "reports" / label.file, opened.lake.original(label.document_id).data)
        written.append({"path": str(path), "file": label.file, **_counts(label.content)})
    if as_json:
        emit(written)
        return
    for told in written:
        talk.print(f"wrote {told['path']} ({told['levels']} levels, {told['kpis']} figures)", markup=False)
    talk.print(f"Measure with: esg eval levels {out / 'labels'}" if written else "Nothing was reviewed yet.")


def _counts(content: Mapping[str, Any]) -> dict[str, int]:
    return {"levels": len(content["levels"]), "kpis": len(content["kpis"])}
