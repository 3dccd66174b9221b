"""What the fleet costs beside the library alone on the same cores."""

import os
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import Empty, SimpleQueue

from esg.client import Client, Unreachable
from esg.evaluate.bench.contender import Contender
from esg.evaluate.bench.fleet import LOOK_SECONDS, whole_fleet
from esg.evaluate.bench.machine import this_machine
from esg.evaluate.bench.peers import ours
from esg.evaluate.bench.result import Bar, Figure, Result
from esg.evaluate.bench.rounds import OnTurn, by_turns

OVERHEAD = Bar(10.0, is_upper=True)  # %
NOTES = (
    "The library alone: one process for each core, pinned to it, each taking the longest report that is "
    "left; no lake, no SQL, no messages. The fleet: `esg up` as it comes, warm, from handing in the first "
    "report to the last scorecard, its lake and caches empty; handed in over the API, the longest first.",
)
WARMING = "<html><body><h1>Report 2024</h1><p>Our Scope 1 emissions were 12 tCO2e in 2024.</p></body></html>"


def bench_overhead(paths: Sequence[Path], *, rounds: int, on_turn: OnTurn = print) -> Result:
    """Let library and fleet take the reports at `paths` by turns, `rounds` times and once before."""
    machine = this_machine()
    longest_first = sorted(paths, key=lambda path: -path.stat().st_size)
    cores = sorted(os.sched_getaffinity(0))
    measures = {"library": lambda: _library(longest_first, cores), "fleet": lambda: _fleet(longest_first)}
    walls = by_turns(measures, rounds=rounds, on_turn=on_turn)
    pairs = zip(walls["fleet"], walls["library"], strict=True)
    more = tuple(100 * (fleet - library) / library for fleet, library in pairs)
    figures = [Figure(name, "s", tuple(found)) for name, found in walls.items()]
    figures.append(Figure("fleet over library", "%", more, OVERHEAD))
    return Result("overhead", machine, {path.name: 0 for path in paths}, rounds, tuple(figures), notes=NOTES)


def _library(paths: Sequence[Path], cores: Sequence[int]) -> float:
    """Let a process on each core score reports until none is left; starts and warming up are not counted."""
    left: SimpleQueue[Path] = SimpleQueue()
    with (
        ExitStack() as stack,
        ThreadPoolExecutor(len(cores)) as pool,
        tempfile.TemporaryDirectory() as folder,
    ):
        small = Path(folder) / "small.html"
        small.write_text(WARMING, encoding="utf-8")
        scorers = [stack.enter_context(_pinned(core)) for core in cores]
        for scorer in scorers:
            scorer.ask("report", path=str(small), questions=[], k=0)
        for path in paths:
            left.put(path)
        started = time.perf_counter()
        list(pool.map(lambda scorer: _score_all(scorer, left), scorers))
        return time.perf_counter() - started


def _pinned(core: int) -> Contender:
    contender = ours()
    contender.core = core
    return contender


def _score_all(scorer: Contender, left: "SimpleQueue[Path]") -> None:
    while True:
        try:
            path = left.get_nowait()
        except Empty:
            return
        scorer.ask("report", path=str(path), questions=[], k=0)


def _fleet(paths: Sequence[Path]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "small.html"
        small.write_text(WARMING, encoding="utf-8")
        with whole_fleet(Path(folder) / "home") as url, Client(url) as client:
            client.wait(_first_job(client, small))
            started = time.perf_counter()
            jobs = [client.submit(path)["job_id"] for path in paths]
            for job in jobs:
                client.wait(job)
            return time.perf_counter() - started


def _first_job(client: Client, path: Path) -> str:
    """Hand in a report as soon as the API is there."""
    while True:
        try:
            return str(client.submit(path)["job_id"])
        except Unreachable:
            time.sleep(LOOK_SECONDS)
