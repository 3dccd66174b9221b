"""`esg bench retrieve`: what a theme costs on a long report, and a changed rubric over many."""

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import click

from esg import fetch
from esg.cli.bench_peers import pdfs, sources_argument
from esg.cli.bench_rescore import measured
from esg.cli.bench_told import measuring, tell
from esg.cli.console import counted, json_option
from esg.cli.options import rounds_option
from esg.domain import Document
from esg.evaluate.bench.machine import this_machine
from esg.evaluate.bench.result import Bar, Figure, Result
from esg.evaluate.rescore import figures
from esg.pipeline import judge_stored, read_into_lake
from esg.resources import Resources, open_resources
from esg.settings import Settings

THEME_MS = Bar(30.0, is_upper=True)
NOTES = (
    "A theme: the longest report's pages, chunks, vectors, terms and figures are read from silver, and its "
    "scorecard made; the wall time, divided by the rubric's themes. Scored again: all given documents, by a "
    "rubric with one weight changed, from what was read before (silver), scaled to 1,000 of the same "
    "lengths: the wall time of a process for each core, which share them, warm; and CPU seconds of one.",
)


@click.command("retrieve")
@sources_argument
@rounds_option
@json_option
def command(sources: tuple[Path, ...], rounds: int, as_json: bool) -> None:
    """Milliseconds a theme on the longest of the PDFs, and seconds to score 1,000 such documents again."""
    machine = this_machine()
    with tempfile.TemporaryDirectory() as folder, measuring() as on_turn:
        opened = open_resources(Settings(lake_url=f"{folder}/lake"))
        documents = []
        for path in pdfs(sources):
            on_turn(f"reading {path.name}")
            documents.append(read_into_lake(fetch.fetch(str(path), limits=opened.fetch_limits), opened))
        on_turn(counted(rounds + 1, "round"))
        again = measured(documents, opened, Path(folder), rounds)
        themes = _themes(max(documents, key=lambda document: document.pages), opened, rounds)
    theme = Figure("retrieval and scoring of a theme", "ms", themes, THEME_MS)
    told = {Path(document.source).name: document.pages for document in documents}
    result = Result("retrieve", machine, told, rounds, (theme, *figures(again)), notes=NOTES)
    tell(result, as_json=as_json)


def _themes(document: Document, opened: Resources, rounds: int) -> tuple[float, ...]:
    walls: Sequence[float] = [_wall(document, opened) for _ in range(rounds + 1)][1:]
    return tuple(1000 * wall / len(opened.rubric.themes) for wall in walls)


def _wall(document: Document, opened: Resources) -> float:
    started = time.perf_counter()
    judge_stored(document, rubric=opened.rubric, resources=opened)
    return time.perf_counter() - started
