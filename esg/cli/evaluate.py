"""`esg eval …`: measure what the engine says against what is true."""

import sys
from pathlib import Path

import click
from rich.markup import escape

from esg import evaluate
from esg.cli import evaluate_retrieval
from esg.cli.console import answer, emit, json_option
from esg.resources import open_resources
from esg.settings import Settings


@click.group("eval")
def command() -> None:
    """Measure quality."""


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
        for name, value in told.items():
            answer().print(f"{name:24} {escape(str(value))}")
    sys.exit(1 if found.problems else 0)


command.add_command(evaluate_retrieval.relevance)
command.add_command(evaluate_retrieval.sources)
command.add_command(evaluate_retrieval.tcfd)
