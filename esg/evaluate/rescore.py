"""documents → how long it takes to score them again, from silver and with everything read anew, side by side.

Both ways take turns, document by document, so that whatever else the machine does weighs on both alike. How
long a person waits for all is measured apart: a process on every core scores what is left.
"""

import multiprocessing
import re
import shutil
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from esg.cores import cores
from esg.domain import Document
from esg.evaluate.bench.result import Bar, Figure, ratio
from esg.rubric.read import locate

Score = Callable[[Document], bytes]  # document → canonical scorecard
OpenScore = Callable[[], Score]  # in a process of its own, warm
THOUSAND = Bar(60.0, is_upper=True)  # s
WAITED_FOR = 100  # documents at least, so that no core idles for long at the end
SAME = Bar(0, is_upper=True)


@dataclass(frozen=True, slots=True)
class Rescored:
    """What all documents took, in CPU seconds: `first` once, the others in each round."""

    documents: int
    pages: int
    first: float  # scoring what was just read, by the rubric as shipped: figures read, terms counted
    again: tuple[float, ...]
    naive: tuple[float, ...]
    differing: int  # documents for which both ways gave other bytes, of all rounds
    waited: tuple[float, ...] = ()  # wall seconds a document with every core at it, in each round


def bench_rescore(
    documents: Sequence[Document], *, first: Score, again: Score, naive: Score, rounds: int
) -> Rescored:
    """Score each document once, then by a changed rubric in both ways, `rounds` times and once to warm up."""
    filled = sum(_timed(first, document)[0] for document in documents)
    rounded = [_round(documents, again, naive, swap=bool(number % 2)) for number in range(rounds + 1)]
    return Rescored(
        documents=len(documents),
        pages=sum(document.pages for document in documents),
        first=filled,
        again=tuple(again for again, _, _ in rounded[1:]),
        naive=tuple(naive for _, naive, _ in rounded[1:]),
        differing=sum(differing for _, _, differing in rounded),
    )


def waited_for(documents: Sequence[Document], open_score: OpenScore, *, rounds: int) -> tuple[float, ...]:
    """Wall seconds a document, each round, while a process on every core scores them, the longest first."""
    times = -(-WAITED_FOR // len(documents))
    longest_first = sorted(documents, key=lambda document: -document.pages) * times
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(cores(), mp_context=spawn, initializer=_begin, initargs=(open_score,)) as pool:
        walls = [_wall(pool, longest_first) for _ in range(rounds + 1)][1:]
    return tuple(wall / len(longest_first) for wall in walls)


def _wall(pool: ProcessPoolExecutor, documents: Sequence[Document]) -> float:
    started = time.perf_counter()
    list(pool.map(_score_one, documents))
    return time.perf_counter() - started


_opened: list[Score] = []  # of this process


def _begin(open_score: OpenScore) -> None:
    _opened.append(open_score())


def _score_one(document: Document) -> None:
    _opened[0](document)


def figures(found: Rescored) -> Iterator[Figure]:
    """Tell it for a document, for a page, and for 1,000 documents of the same lengths."""
    if found.waited:
        thousand = tuple(1000 * each for each in found.waited)
        yield Figure("1,000 documents scored again, every core at it", "s", thousand, THOUSAND)
    thousand = tuple(1000 * each / found.documents for each in found.again)
    yield Figure("1,000 documents scored again", "s of CPU", thousand)
    yield Figure("a document scored again", "ms of CPU", thousand)
    yield Figure("a page scored again", "ms of CPU", tuple(1000 * each / found.pages for each in found.again))
    naive = tuple(1000 * each / found.documents for each in found.naive)
    yield Figure("a document with everything read anew", "ms of CPU", naive)
    yield ratio("everything read anew / scored again", found.naive, found.again)
    yield Figure("a document scored for the first time", "ms of CPU", (1000 * found.first / found.documents,))
    yield Figure("scorecards that differ between the two", "", (found.differing,), SAME)


def changed_rubric(id_or_path: str, folder: Path) -> Path:
    """Copy a rubric into a folder with the weight of one criterion changed; returns the copy's path."""
    source = locate(id_or_path)
    copy = folder / source.name
    (shutil.copytree if source.is_dir() else shutil.copy)(source, copy)
    for file in sorted(copy.glob("*.toml")) if copy.is_dir() else [copy]:
        text = file.read_text(encoding="utf-8")
        if name := _without_weight(text):
            pattern = rf'(?m)^id\s*=\s*["\']{re.escape(name)}["\']'
            file.write_text(re.sub(pattern, r"\g<0>\nweight = 3.0", text, count=1), encoding="utf-8")
            return copy
    return copy


def _without_weight(text: str) -> str | None:
    """Name the first criterion of a file that leaves its weight at 1."""
    criteria = (c for theme in tomllib.loads(text).get("theme", []) for c in theme["criterion"])
    return next((c["id"] for c in criteria if "weight" not in c), None)


def _round(
    documents: Sequence[Document], again: Score, naive: Score, *, swap: bool
) -> tuple[float, float, int]:
    """Seconds of both ways over all documents, and how many differ; `swap`: the naive way goes first."""
    total, differing = [0.0, 0.0], 0
    for document in documents:
        ways = [(0, again), (1, naive)]
        made = {}
        for place, way in reversed(ways) if swap else ways:
            seconds, made[place] = _timed(way, document)
            total[place] += seconds
        differing += made[0] != made[1]
    return total[0], total[1], differing


def _timed(way: Score, document: Document) -> tuple[float, bytes]:
    started = time.process_time()
    made = way(document)
    return time.process_time() - started, made
