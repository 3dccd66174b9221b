"""`esg bench rescore`: how long a changed rubric takes over documents that were read before."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from esg import fetch, report
from esg.cli.bench_told import measuring, tell
from esg.cli.console import counted, json_option
from esg.cli.options import rounds_option
from esg.domain import Document, Scorecard
from esg.evaluate.bench.machine import this_machine
from esg.evaluate.bench.result import Result
from esg.evaluate.rescore import Rescored, Score, bench_rescore, changed_rubric, figures, waited_for
from esg.pipeline import judge, judge_stored, read_into_lake
from esg.resources import Resources, open_resources
from esg.rubric import Rubric, load
from esg.settings import Settings

NOTES = (
    "Scored again: by a rubric with one weight changed, from what was read before (silver), beside reading "
    "figures, claims and terms anew; both ways take turns, document by document. CPU seconds of one process; "
    "with every core at it: the wall time of a process for each core, which share the documents, warm.",
)


@click.command("rescore")
@click.argument("sources", nargs=-1, required=True, metavar="PATH…")
@rounds_option
@json_option
def command(sources: tuple[str, ...], rounds: int, as_json: bool) -> None:
    """Read the documents at PATH once, then score them by a changed rubric: from silver, and all read anew.

    The rubric is a copy of the one in use with the weight of one criterion changed. Everything is in a
    folder that is removed afterwards; vectors come from the embedding cache of ESG_HOME where they are there.
    """
    machine = this_machine()
    with tempfile.TemporaryDirectory() as folder, measuring() as on_turn:
        opened = open_resources(Settings(lake_url=f"{folder}/lake"))
        documents = []
        for name in (path for source in sources for path in fetch.expand_asked(source)):
            on_turn(f"reading {Path(name).name}")
            documents.append(read_into_lake(fetch.fetch(name, limits=opened.fetch_limits), opened))
        on_turn(f"{counted(len(documents), 'document')}, {counted(rounds + 1, 'round')}")
        found = measured(documents, opened, Path(folder), rounds)
    told = {Path(document.source).name: document.pages for document in documents}
    result = Result("rescore", machine, told, rounds, tuple(figures(found)), notes=NOTES)
    tell(result, as_json=as_json)


def measured(documents: Sequence[Document], opened: Resources, folder: Path, rounds: int) -> Rescored:
    path = str(changed_rubric(opened.settings.rubric, folder))
    changed = load(path)
    _know_queries(changed, opened)
    found = bench_rescore(
        documents,
        first=lambda document: _json(judge_stored(document, rubric=opened.rubric, resources=opened)),
        again=lambda document: _json(judge_stored(document, rubric=changed, resources=opened)),
        naive=lambda document: _json(_anew(document, changed, opened)),
        rounds=rounds,
    )
    warm = partial(_scorer, opened.settings.lake_url, path)
    return replace(found, waited=waited_for(documents, warm, rounds=rounds))


def _scorer(lake_url: str, rubric: str) -> Score:
    """What a worker process has: its own of everything but the lake, and the rubric's queries."""
    opened = open_resources(Settings(lake_url=lake_url))
    changed = load(rubric)
    _know_queries(changed, opened)
    return lambda document: _json(judge_stored(document, rubric=changed, resources=opened))


def _know_queries(rubric: Rubric, opened: Resources) -> None:
    """Embed the rubric's queries, as a worker has them after its first document."""
    criteria = [c for theme in rubric.themes for c in theme.criteria]
    criteria += [statement.criterion for statement in rubric.statements]
    opened.embedder.embed([query for c in criteria for query in c.queries])


def _anew(document: Document, rubric: Rubric, opened: Resources) -> Scorecard:
    """Read figures and claims from the pages, and count terms, as if nobody had before."""
    lake = opened.lake
    extraction = lake.extraction(document.id)
    chunks = lake.chunks(document.id)
    vectors = lake.vectors(document.id, chunks)
    return judge(document, extraction, chunks, vectors, rubric=rubric, resources=opened)


def _json(scorecard: Scorecard) -> bytes:
    return report.canonical_json(scorecard)
