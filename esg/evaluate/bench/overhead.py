"""What the fleet costs beside the library alone on the same cores, and what a second embed worker brings."""

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from queue import Empty, SimpleQueue

import sqlalchemy as sa

from esg.client import Client, Unreachable
from esg.evaluate.bench.contender import Contender
from esg.evaluate.bench.fleet import LOOK_SECONDS, Fleet, whole_fleet
from esg.evaluate.bench.machine import this_machine
from esg.evaluate.bench.peers import ours
from esg.evaluate.bench.result import Bar, Figure, Result
from esg.evaluate.bench.rounds import OnTurn

OVERHEAD = Bar(10.0, is_upper=True)  # %
SECOND_WORKER = Bar(1.8)
NOTES = (
    "The library alone: one process for each core, pinned to it, each taking the longest report that is "
    "left; no lake, no SQL, no messages. The fleet: `esg up` as it comes, warm, from handing in the first "
    "report to the last scorecard, its lake and caches empty; handed in over the API, the longest first.",
    "Embed workers: the reports are ingested first; then one worker on one core, or two on a core each, from "
    "the first claim to the last commit of their tasks. A worker has a thread for each core that it may use.",
)
WARMING = "<html><body><h1>Report 2024</h1><p>Our Scope 1 emissions were 12 tCO2e in 2024.</p></body></html>"
SPAN = "SELECT min(started_at), max(finished_at) FROM stage_runs WHERE task = 'embed.batch'"
INGESTED = "SELECT count(*) FROM stage_runs WHERE task = 'ingest.document' AND state = 'done'"
LEFT = "SELECT count(*) FROM stage_runs WHERE task = 'embed.batch' AND state <> 'done'"


def bench_overhead(paths: Sequence[Path], *, rounds: int, on_turn: OnTurn = print) -> Result:
    """Let library and fleet take the reports at `paths` by turns, `rounds` times and once before."""
    machine = this_machine()
    longest_first = sorted(paths, key=lambda path: -path.stat().st_size)
    cores = sorted(os.sched_getaffinity(0))
    measures: dict[str, Callable[[], float]] = {
        "library": lambda: _library(longest_first, cores),
        "fleet": lambda: _fleet(longest_first),
        "one embed worker": lambda: _embedding(longest_first, cores[:1]),
        "two embed workers": lambda: _embedding(longest_first, cores[:2]),
    }
    walls: dict[str, list[float]] = {name: [] for name in measures}
    for number in range(rounds + 1):
        for name, measure in measures.items():
            on_turn(f"{name}, round {number} of {rounds}")
            wall = measure()
            if number:
                walls[name].append(wall)
    figures = [Figure(name, "s", tuple(found)) for name, found in walls.items()]
    pairs = zip(walls["fleet"], walls["library"], strict=True)
    more = tuple(100 * (fleet - library) / library for fleet, library in pairs)
    figures.append(Figure("fleet over library", "%", more, OVERHEAD))
    faster = zip(walls["one embed worker"], walls["two embed workers"], strict=True)
    bar = SECOND_WORKER if len(cores) > 1 else None
    figures.append(Figure("two embed workers / one", "×", tuple(one / two for one, two in faster), bar))
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


def _embedding(paths: Sequence[Path], cores: Sequence[int]) -> float:
    with tempfile.TemporaryDirectory() as home, Fleet(Path(home)) as fleet:
        for path in paths:
            fleet.state.submit(str(path))
        fleet.start("ingest")
        fleet.wait(lambda: _asked(fleet, INGESTED) == len(paths), "ingest", "the reports to be read")
        fleet.stop("ingest")
        names = [f"embed-{core}" for core in cores]
        for name, core in zip(names, cores, strict=True):
            fleet.start("embed", name=name, core=core)
        fleet.wait(lambda: not _asked(fleet, LEFT), names[0], "all to be embedded")
        with fleet.state.engine.connect() as connection:
            first, last = connection.execute(sa.text(SPAN)).one()
        return (datetime.fromisoformat(str(last)) - datetime.fromisoformat(str(first))).total_seconds()


def _asked(fleet: Fleet, query: str) -> int:
    with fleet.state.engine.connect() as connection:
        return int(connection.execute(sa.text(query)).scalar_one())
