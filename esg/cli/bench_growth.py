"""`esg bench growth`: how time and memory grow with the number of documents."""

import multiprocessing
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from esg import fetch, newest
from esg.cli.console import answer, emit, json_option, talk
from esg.evaluate.copies import Original
from esg.evaluate.growth import Grown, exponent, grow
from esg.extract import extract
from esg.pipeline import cut, describe, judge
from esg.resources import Resources, open_resources
from esg.settings import Settings

PARTS = ("flow", "lists", "night")


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
    settings = Settings()
    opened = open_resources(settings)
    original = _read(source, opened)
    found = []
    with talk.status("") as status:
        for size in documents:
            status.update(f"{size} documents")
            found.append(_apart(original, size))
    told = summary(found)
    if as_json:
        emit(told)
    else:
        _tell(found, told["exponents"])


def _read(source: str, opened: Resources) -> Original:
    """Read and judge the report once."""
    fetched = fetch.fetch(source, limits=opened.fetch_limits)
    extraction = extract(fetched, limits=opened.parse_limits)
    document = describe(fetched, extraction, company=None, year=None)
    chunks = cut(extraction.pages, resources=opened)
    vectors = opened.embedder.embed([chunk.text for chunk in chunks])
    card = judge(document, extraction, chunks, vectors, rubric=opened.rubric, resources=opened)
    return Original(fetched, document, extraction, chunks, vectors, card)


def summary(found: Sequence[Grown]) -> dict[str, Any]:
    """Lay out the sizes, and the exponent of each part over all sizes and over the last two."""
    sizes = [grown.documents for grown in found]
    curves = {part: [grown.seconds[part] for grown in found] for part in PARTS}
    curves |= {"all": [sum(grown.seconds.values()) for grown in found], "sql": [g.sql_seconds for g in found]}
    return {
        "sizes": [asdict(grown) for grown in found],
        "exponents": {
            name: {"all": exponent(sizes, curve), "last": exponent(sizes[-2:], curve[-2:])}
            for name, curve in curves.items()
        },
    }


def _apart(original: Original, size: int) -> Grown:
    """Do it in a fresh process, so that memory is this size's own."""
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(_grow, original, size, folder).result()


def _grow(original: Original, size: int, folder: str) -> Grown:
    home = Path(folder)
    settings = Settings(home=home, lake_url=str(home / "lake"), database_url="")
    return grow(original, open_resources(settings), documents=size, tables=newest.tables)


def _tell(found: Sequence[Grown], exponents: dict[str, dict[str, float]]) -> None:
    table = Table("documents", *PARTS, "SQL", "flow MiB", "night MiB", box=None, header_style="dim")
    for grown in found:
        seconds = [f"{grown.seconds[part]:.2f} s" for part in PARTS]
        memory = [f"{grown.memory_mib[part]:.0f}" for part in ("flow", "night")]
        table.add_row(str(grown.documents), *seconds, f"{grown.sql_seconds:.2f} s", *memory)
    table.add_row("exponent", *(f"{exponents[part]['all']:.2f}" for part in (*PARTS, "sql")))
    table.add_row("of the last two", *(f"{exponents[part]['last']:.2f}" for part in (*PARTS, "sql")))
    answer().print(table)
