"""`esg bench rescore`: how long a changed rubric takes over documents that were read before."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from esg import fetch, report
from esg.cli.console import answer, counted, emit, json_option, talk
from esg.cli.options import rounds_option
from esg.domain import Document, Scorecard
from esg.evaluate.rescore import Rescored, bench_rescore, changed_rubric
from esg.pipeline import judge, judge_stored, read_into_lake
from esg.resources import Resources, open_resources
from esg.rubric import Rubric, load
from esg.settings import Settings


@click.command("rescore")
@click.argument("sources", nargs=-1, required=True, metavar="PATH…")
@rounds_option
@json_option
def command(sources: tuple[str, ...], rounds: int, as_json: bool) -> None:
    """Read the documents at PATH once, then score them by a changed rubric: from silver, and all read anew.

    The rubric is a copy of the one in use with the weight of one criterion changed. Everything is in a
    folder that is removed afterwards; vectors come from the embedding cache of ESG_HOME where they are there.
    """
    named = [path for source in sources for path in fetch.expand_asked(source)]
    with tempfile.TemporaryDirectory() as folder:
        opened = open_resources(Settings(lake_url=f"{folder}/lake"))
        with talk.status("") as status:
            documents = []
            for name in named:
                status.update(f"reading {Path(name).name}")
                documents.append(read_into_lake(fetch.fetch(name, limits=opened.fetch_limits), opened))
            status.update(f"{counted(len(named), 'document')}, {counted(rounds + 1, 'round')}")
            found = measured(documents, opened, Path(folder), rounds)
    if as_json:
        emit(found.to_dict())
    else:
        _tell(found)


def measured(documents: Sequence[Document], opened: Resources, folder: Path, rounds: int) -> Rescored:
    changed = load(str(changed_rubric(opened.settings.rubric, folder)))
    _know_queries(changed, opened)
    return bench_rescore(
        documents,
        first=lambda document: _json(judge_stored(document, rubric=opened.rubric, resources=opened)),
        again=lambda document: _json(judge_stored(document, rubric=changed, resources=opened)),
        naive=lambda document: _json(_anew(document, changed, opened)),
        rounds=rounds,
    )


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


def _tell(found: Rescored) -> None:
    told = found.to_dict()
    answer().print(f"{counted(found.documents, 'document')}, {counted(found.pages, 'page')}")
    answer().print(f"scored for the first time  {found.first:8.2f} s of CPU")
    for name in ("again", "naive"):
        per_document, seconds = told[f"{name}_ms_per_document"], told[f"{name}_seconds"]
        what = {"again": "scored again from silver", "naive": "everything read anew"}[name]
        answer().print(f"{what:26} {seconds:8.2f} s  {per_document:7.0f} ms a document")
    answer().print(f"{found.ratio:.1f} times as fast, {told['again_ms_per_page']:.1f} ms a page")
    answer().print("both ways give the same bytes" if found.is_same else "[red]the two ways differ[/]")
