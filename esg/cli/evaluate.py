"""`esg eval …`: measure what the engine says against what is true."""

import sys
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from esg import evaluate
from esg.cli import bounded, evaluate_retrieval
from esg.cli.console import answer, emit, json_option, talk
from esg.cli.evaluate_reports import kpis, levels
from esg.fetch import from_bytes
from esg.resources import open_resources
from esg.settings import Settings


@click.group("eval")
def command() -> None:
    """Measure quality."""


command.add_command(levels)
command.add_command(kpis)


@command.command("ocr")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--pages", type=bounded.COUNT, default=3, show_default=True, help="Pages of each PDF, evenly spread."
)
@json_option
def ocr(path: Path, pages: int, as_json: bool) -> None:
    """Read pages that have a good text layer from their pictures, and compare.

    PATH is a PDF, or a folder of them.
    """
    limits = open_resources(Settings()).parse_limits
    files = [path] if path.is_file() else sorted(path.rglob("*.pdf"))
    counts = evaluate.OcrCounts()
    for file in files:
        found = evaluate.evaluate_ocr(
            from_bytes(file.read_bytes(), name=file.name), pages=pages, limits=limits
        )
        counts += found
        if not as_json:
            told = " ".join(f"{name} {value}" for name, value in found.to_dict().items())
            talk.print(f"{escape(file.name)}: {told}")
    emit(counts.to_dict()) if as_json else _tell(counts.to_dict())


@command.command("quotes")
@click.argument("path", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--reports", type=click.Path(exists=True, path_type=Path), help="Folder of the documents.")
@json_option
def quotes(path: Path, reports: Path | None, as_json: bool) -> None:
    """Check every quote of a folder of scorecards (JSON) against the documents' own bytes."""
    opened = open_resources(Settings())
    finders = ([evaluate.in_folder(reports)] if reports else []) + [opened.lake.find_original]
    found = evaluate.evaluate_quotes(path, find=evaluate.first_of(*finders), limits=opened.parse_limits)
    told = found.to_dict()
    if as_json:
        emit(told)
    else:
        _tell(told)
    sys.exit(1 if found.problems else 0)


def _tell(values: dict[str, Any]) -> None:
    for name, value in values.items():
        answer().print(f"{name:24} {escape(str(value))}")


command.add_command(evaluate_retrieval.relevance)
command.add_command(evaluate_retrieval.sources)
command.add_command(evaluate_retrieval.tcfd)
