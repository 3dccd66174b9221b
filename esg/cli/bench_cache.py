"""`esg bench cache`: how often a shared cache of vectors would be asked for one that it has."""

from dataclasses import asdict
from pathlib import Path

import click
from rich.table import Table

from esg import fetch
from esg.cli.console import answer, emit, json_option, talk
from esg.evaluate.cache import Reuse, reuse, total
from esg.extract import extract
from esg.pipeline import cut
from esg.resources import Resources, open_resources
from esg.rubric import Rubric
from esg.settings import Settings


@click.command("cache")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…")
@json_option
def command(sources: tuple[str, ...], as_json: bool) -> None:
    """Tell the hit rate of the cache of vectors over the SOURCEs, in this order, from an empty cache.

    Each report asks for its chunks and for the queries of the rubric. Nothing is embedded: a hit is a text
    whose key has been seen. Scored again, a report's rate is 100 %.
    """
    opened = open_resources(Settings())
    named = [path for source in sources for path in fetch.expand_asked(source)]
    with talk.status("") as status:
        reports = []
        for name in named:
            status.update(f"reading {Path(name).name}")
            reports.append(_texts(name, opened))
        chunks, queries = zip(*reports, strict=True)
        of_chunks = reuse(chunks, embedder_id=opened.embedder.id)
        of_queries = reuse(queries, embedder_id=opened.embedder.id)
    rows = [*zip(of_chunks, of_queries, strict=True), (total(of_chunks), total(of_queries))]
    if as_json:
        emit([{"chunks": asdict(c), "queries": asdict(q), "rate": _both(c, q)} for c, q in rows])
        return
    answer().print(_table(rows))


def _texts(name: str, opened: Resources) -> tuple[tuple[str, list[str]], tuple[str, list[str]]]:
    """What a report asks for: its chunks, and the rubric's queries, each under the report's name."""
    extraction = extract(fetch.fetch(name, limits=opened.fetch_limits), limits=opened.parse_limits)
    chunks = [chunk.text for chunk in cut(extraction.pages, resources=opened)]
    return (Path(name).name, chunks), (Path(name).name, _queries(opened.rubric))


def _queries(rubric: Rubric) -> list[str]:
    criteria = [criterion for theme in rubric.themes for criterion in theme.criteria]
    criteria += [statement.criterion for statement in rubric.statements]
    return [query for criterion in criteria for query in criterion.queries]


def _both(chunks: Reuse, queries: Reuse) -> float:
    return round(total([chunks, queries]).rate, 4)


def _table(rows: list[tuple[Reuse, Reuse]]) -> Table:
    table = Table("report", "chunks", "known", "queries", "known", "rate", box=None, header_style="dim")
    for chunks, queries in rows:
        counts = (chunks.texts, chunks.known, queries.texts, queries.known)
        table.add_row(chunks.name, *map(str, counts), f"{_both(chunks, queries):.1%}")
    return table
