"""How wall time, SQL time and memory grow with the number of documents."""

import multiprocessing
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from pathlib import Path

from esg.evaluate.bench.machine import this_machine
from esg.evaluate.bench.result import Bar, Figure, Result
from esg.evaluate.bench.rounds import OnTurn
from esg.evaluate.copies import Original
from esg.evaluate.growth import Grown, Tables, exponent, grow
from esg.resources import open_resources
from esg.settings import Settings

PARTS = ("register", "flow", "lists", "night")
EXPONENT = Bar(1.05, is_upper=True)
FLAT = Bar(1.1, is_upper=True)
NOTES = (
    "Copies of one report, from submission to gold, with the real state (SQLite), lake, vector store and "
    "gold; each number of documents has a home and a process of its own. What looks at one document alone is "
    "left out: reading it, embedding, judging. Register: the companies are imported, one for five documents. "
    "Flow: what the workers do for each document. Lists: what a person opens when all are there. Night: what "
    "runs once for all (esg/evaluate/growth.py).",
    "An exponent is the slope of the seconds over the documents, both as logarithms; 1 is linear. A worker's "
    "memory is the most that the process had when the flow was through.",
)


def bench_growth(
    original: Original, sizes: Sequence[int], tables: Tables, *, on_turn: OnTurn = print
) -> Result:
    """Bring so many copies through, size by size; `tables` lays out gold (esg/newest.py)."""
    machine = this_machine()
    found = []
    for size in sizes:
        on_turn(f"{size:,} documents")
        found.append(_apart(original, size, tables))
    pages = {Path(original.fetched.source).name: len(original.extraction.pages)}
    return Result("growth", machine, pages, 1, tuple(figures(found)), notes=NOTES)


def figures(found: Sequence[Grown]) -> Iterator[Figure]:
    """Lay out the sizes, and how each part grew over all of them and over the last two."""
    sizes = [grown.documents for grown in found]
    curves = {"wall": [sum(grown.seconds.values()) for grown in found]}
    curves |= {"SQL": [grown.sql_seconds for grown in found]}
    curves |= {part: [grown.seconds[part] for grown in found] for part in PARTS}
    for what, curve in curves.items():
        bar = EXPONENT if what in ("wall", "SQL") else None
        yield Figure(f"{what}: exponent", "", (exponent(sizes, curve),), bar)
        yield Figure(f"{what}: exponent of the last two", "", (exponent(sizes[-2:], curve[-2:]),), bar)
    for fewer, more in pairwise(found):
        what = f"memory of a worker, {more.documents:,} documents / {fewer.documents:,}"
        bar = FLAT if more is found[-1] else None  # before, caches fill
        yield Figure(what, "×", (more.memory_mib["flow"] / fewer.memory_mib["flow"],), bar)
    for place, grown in enumerate(found):
        named = f"{grown.documents:,} documents"
        for what, curve in curves.items():
            yield Figure(f"{named}: {what}", "s", (curve[place],))
        yield Figure(f"{named}: memory of a worker", "MiB", (grown.memory_mib["flow"],))
        yield Figure(f"{named}: memory of the night", "MiB", (grown.memory_mib["night"],))


def _apart(original: Original, size: int, tables: Tables) -> Grown:
    """Do it in a fresh process, so that memory is this size's own."""
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(_grow, original, size, tables, folder).result()


def _grow(original: Original, size: int, tables: Tables, folder: str) -> Grown:
    home = Path(folder)
    settings = Settings(home=home, lake_url=str(home / "lake"), database_url="")
    return grow(original, open_resources(settings), documents=size, tables=tables)
