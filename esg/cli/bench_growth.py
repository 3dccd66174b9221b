"""`esg bench growth`: how time and memory grow with the number of documents."""

import click

from esg import fetch, newest
from esg.cli.bench_told import measuring, tell
from esg.cli.console import json_option
from esg.evaluate.bench.growth import bench_growth
from esg.evaluate.copies import Original
from esg.extract import extract
from esg.pipeline import cut, describe, judge
from esg.resources import Resources, open_resources
from esg.settings import Settings


def _sizes(_context: click.Context, _parameter: click.Parameter, value: str) -> list[int]:
    """Read "10,100,1000": two sizes or more, each larger than the one before."""
    try:
        sizes = [int(part) for part in value.split(",")]
    except ValueError:
        sizes = []
    if len(sizes) < 2 or sizes[0] < 1 or sizes != sorted(set(sizes)):
        raise click.BadParameter("give growing numbers parted by commas, as 10,100,1000")
    return sizes


@click.command("growth")
@click.argument("source", metavar="PATH")
@click.option("--documents", default="10,100,1000", show_default=True, callback=_sizes, help="Sizes to try.")
@json_option
def command(source: str, documents: list[int], as_json: bool) -> None:
    """Bring copies of the report at PATH from submission to gold, so many at a time, and fit how time grows.

    Each size has a folder of its own that is removed afterwards, and a process of its own. What looks at one
    document alone is left out: reading the file, embedding and judging are done once. 10,000 copies of a
    short report take about 15 minutes and 10 GB.
    """
    with measuring() as on_turn:
        original = _read(source, open_resources(Settings()))
        found = bench_growth(original, documents, newest.tables, on_turn=on_turn)
    tell(found, as_json=as_json)


def _read(source: str, opened: Resources) -> Original:
    """Read and judge the report once."""
    fetched = fetch.fetch(source, limits=opened.fetch_limits)
    extraction = extract(fetched, limits=opened.parse_limits)
    document = describe(fetched, extraction, company=None, year=None)
    chunks = cut(extraction.pages, resources=opened)
    vectors = opened.embedder.embed([chunk.text for chunk in chunks])
    card = judge(document, extraction, chunks, vectors, rubric=opened.rubric, resources=opened)
    return Original(fetched, document, extraction, chunks, vectors, card)
