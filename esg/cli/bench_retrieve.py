"""`esg bench retrieve`: what a theme costs on a long report, and a changed rubric over many."""

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import click

from esg import fetch
from esg.cli.bench_peers import pdfs, sources_argument
from esg.cli.bench_rescore import measured
from esg.cli.bench_told import tell
from esg.cli.console import json_option, talk
from esg.cli.options import rounds_option
from esg.domain import Document
from esg.evaluate.bench.machine import this_machine
from esg.evaluate.bench.result import Bar, Figure, Result
from esg.pipeline import judge_stored, read_into_lake
from esg.resources import Resources, open_resources
from esg.settings import Settings

THEME_MS = Bar(30.0, is_upper=True)
THOUSAND_SECONDS = Bar(60.0, is_upper=True)
NOTES = (
    "A theme: the longest report's pages, chunks, vectors, terms and figures are read from silver, and its "
    "scorecard made; the wall time, divided by the rubric's themes. 1,000 documents: CPU seconds of one "
    "process for the given ones by a changed rubric, from silver, scaled to 1,000 of the same lengths.",
)


@click.command("retrieve")
@sources_argument
@rounds_option
@json_option
def command(sources: tuple[Path, ...], rounds: int, as_json: bool) -> None:
    """Milliseconds a theme on the longest of the PDFs, and seconds to score 1,000 such documents again."""
    machine = this_machine()
    with tempfile.TemporaryDirectory() as folder, talk.status("") as status:
        opened = open_resources(Settings(lake_url=f"{folder}/lake"))
        documents = []
        for path in pdfs(sources):
            status.update(f"reading {path.name}")
            documents.append(read_into_lake(fetch.fetch(str(path), limits=opened.fetch_limits), opened))
        status.update(f"{rounds + 1} rounds")
        again = measured(documents, opened, Path(folder), rounds)
        themes = _themes(max(documents, key=lambda document: document.pages), opened, rounds)
    figures = (
        Figure("retrieval and scoring of a theme", "ms", themes, THEME_MS),
        Figure(
            "1,000 documents scored again", "s", (1000 * again.again / again.documents,), THOUSAND_SECONDS
        ),
        Figure("everything read anew / scored again", "×", (again.ratio,)),
    )
    told = {document.source: document.pages for document in documents}
    tell(Result("retrieve", machine, told, rounds, figures, notes=NOTES), as_json=as_json)


def _themes(document: Document, opened: Resources, rounds: int) -> tuple[float, ...]:
    walls: Sequence[float] = [_wall(document, opened) for _ in range(rounds + 1)][1:]
    return tuple(1000 * wall / len(opened.rubric.themes) for wall in walls)


def _wall(document: Document, opened: Resources) -> float:
    started = time.perf_counter()
    judge_stored(document, rubric=opened.rubric, resources=opened)
    return time.perf_counter() - started
