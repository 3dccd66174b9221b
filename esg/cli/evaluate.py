"""`esg eval …`: measure what the engine says against what is true."""

import sys
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from esg import evaluate
from esg.cli import bounded, evaluate_retrieval
from esg.cli.console import answer, emit, json_option, talk
from esg.cli.evaluate_reports import kpis, levels
from esg.fetch import from_bytes
from esg.pipeline import cut
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
@click.option(
    "--errors",
    is_flag=True,
    expose_value=False,
    help="As for other measures; problems are listed without it, too.",
)
@json_option
def quotes(path: Path, reports: Path | None, as_json: bool) -> None:
    """Check every quote of a folder of scorecards (JSON) against the documents' own bytes.

    `not_on_page` counts quotes that are not the page's text at their offsets, `boxes_off_page` boxes outside
    their page, and `unsupported` those quotes of a met criterion that its own cues, asked of the page again,
    do not find. `support_unchecked` counts the scorecards that the last is not asked of: they are of another
    rubric than ESG_RUBRIC, or a model judged.
    """
    opened = open_resources(Settings())
    finders = ([evaluate.in_folder(reports)] if reports else []) + [opened.lake.find_original]
    reader = evaluate.Reader(
        find=evaluate.first_of(*finders),
        limits=opened.parse_limits,
        cut=partial(cut, resources=opened),
        rubric=opened.rubric,
    )
    found = evaluate.evaluate_quotes(path, reader)
    if as_json:
        emit(found.to_dict())
    else:
        _tell(found.to_dict() | {"problems": len(found.problems)})
        for problem in found.problems:
            answer().print(escape(problem))
    sys.exit(1 if found.problems else 0)


def _tell(values: dict[str, Any]) -> None:
    for name, value in values.items():
        answer().print(f"{name:24} {escape(str(value))}")


command.add_command(evaluate_retrieval.relevance)
command.add_command(evaluate_retrieval.sources)
command.add_command(evaluate_retrieval.tcfd)
