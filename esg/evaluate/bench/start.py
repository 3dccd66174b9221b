"""From nothing to work: imports, a worker's boot, and `esg up` until the first job is accepted."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import httpx

from esg.evaluate.bench.fleet import ROOT, Fleet, bare_environment, whole_fleet
from esg.evaluate.bench.machine import this_machine
from esg.evaluate.bench.result import Bar, Figure, Result, least
from esg.evaluate.bench.rounds import OnTurn

WHOLE = "esg.resources"  # what every process of the fleet loads
LIBRARIES = "numpy, pyarrow.fs, redis, sqlalchemy, pydantic_settings"  # those of others that it needs for it
IMPORTS = ("esg", WHOLE, "workers.__main__", LIBRARIES)
WORKER, UP = "worker ready (embed)", "esg up, first job accepted"
BARS = {
    "import esg": Bar(0.3, is_upper=True),
    WORKER: Bar(3.0, is_upper=True),
    UP: Bar(6.0, is_upper=True),
}
CLOCK = (
    "import time; t, c = time.perf_counter(), time.process_time(); import {module}; "
    "print(time.perf_counter() - t, time.process_time() - c)"
)
HTML = "<html><body><h1>Report</h1><p>Our Scope 1 emissions were 12 tCO2e in 2024.</p></body></html>"
NOTES = ("Each start is in a home of its own, removed afterwards; the operating system's caches are warm.",)


def bench_start(*, rounds: int, processes: bool = True, on_turn: OnTurn = print) -> Result:
    """Measure each start `rounds` times, by turns, and once before to warm up the disk's cache.

    Without `processes` only imports are measured, which takes seconds.
    """
    machine = this_machine()
    imports = {f"import {module}": partial(_import, module) for module in IMPORTS}
    measures: dict[str, Callable[[], float]] = {}
    if processes:
        measures = {"esg --version": _command, WORKER: _worker, UP: _up}
    walls: dict[str, list[float]] = {what: [] for what in (*imports, *measures)}
    costs: dict[str, list[float]] = {what: [] for what in imports}
    for number in range(rounds + 1):
        on_turn(f"round {number} of {rounds}")
        taken = {what: measure() for what, measure in imports.items()}
        seconds = {what: wall for what, (wall, _) in taken.items()}
        seconds |= {what: measure() for what, measure in measures.items()}
        for what, wall in seconds.items() if number else ():
            walls[what].append(wall)
        for what, (_, cost) in taken.items() if number else ():
            costs[what].append(cost)
    figures = [Figure(what, "s", tuple(found), BARS.get(what)) for what, found in walls.items()]
    whole = costs[f"import {WHOLE}"], costs[f"import {LIBRARIES}"]
    figures.append(least(f"import {WHOLE} / its libraries, CPU", *whole))
    return Result("start", machine, {}, rounds, tuple(figures), notes=NOTES)


def _import(module: str) -> tuple[float, float]:
    """Seconds of the wall and of CPU, in a process of its own."""
    done = subprocess.run(  # noqa: S603  # nosec B603  # our own interpreter
        [sys.executable, "-c", CLOCK.format(module=module)],
        cwd=ROOT, env=bare_environment(), stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    wall, cost = map(float, done.stdout.split())
    return wall, cost


def _command() -> float:
    started = time.perf_counter()
    esg = Path(sys.executable).with_name("esg")
    subprocess.run([esg, "--version"], stdout=subprocess.DEVNULL, check=True)  # noqa: S603  # nosec B603  # our own program
    return time.perf_counter() - started


def _worker() -> float:
    """With broker and database there, from the command until it takes messages with the model loaded."""
    with tempfile.TemporaryDirectory() as home, Fleet(Path(home)) as fleet:
        fleet.state.ping()
        started = time.perf_counter()
        fleet.start("embed")
        fleet.wait_ready("embed")
        return time.perf_counter() - started


def _up() -> float:
    """From the command, in an empty home, to the API's 202 for a first document."""
    with tempfile.TemporaryDirectory() as home:
        started = time.perf_counter()
        with whole_fleet(Path(home)) as url:
            while not _is_accepted(url):
                time.sleep(0.05)
            return time.perf_counter() - started


def _is_accepted(url: str) -> bool:
    try:
        answer = httpx.post(f"{url}/v1/documents", files={"file": ("report.html", HTML)}, trust_env=False)
    except httpx.TransportError:
        return False
    return answer.status_code == httpx.codes.ACCEPTED
