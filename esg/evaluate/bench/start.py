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
from esg.evaluate.bench.result import Bar, Figure, Result, ratio
from esg.evaluate.bench.rounds import OnTurn

WHOLE = "esg.resources"  # what every process of the fleet loads
LIBRARIES = "numpy, pyarrow.fs, redis, sqlalchemy, pydantic_settings"  # those of others that it needs for it
IMPORTS = {"esg": Bar(0.3, is_upper=True), WHOLE: None, "workers.__main__": None, LIBRARIES: None}
CLOCK = "import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
HTML = "<html><body><h1>Report</h1><p>Our Scope 1 emissions were 12 tCO2e in 2024.</p></body></html>"
NOTES = ("Each start is in a home of its own, removed afterwards; the operating system's caches are warm.",)


def bench_start(*, rounds: int, processes: bool = True, on_turn: OnTurn = print) -> Result:
    """Measure each start `rounds` times, by turns, and once before to warm up the disk's cache.

    Without `processes` only imports are measured, which takes seconds.
    """
    machine = this_machine()
    measures: dict[str, tuple[Callable[[], float], Bar | None]] = {
        f"import {module}": (partial(_import, module), bar) for module, bar in IMPORTS.items()
    }
    if processes:
        measures["esg --version"] = (_command, None)
        measures["worker ready (embed)"] = (_worker, Bar(3.0, is_upper=True))
        measures["esg up, first job accepted"] = (_up, Bar(6.0, is_upper=True))
    samples: dict[str, list[float]] = {what: [] for what in measures}
    for number in range(rounds + 1):
        for what, (measure, _) in measures.items():
            on_turn(f"{what}, round {number} of {rounds}")
            seconds = measure()
            if number:
                samples[what].append(seconds)
    figures = [Figure(what, "s", tuple(samples[what]), bar) for what, (_, bar) in measures.items()]
    imports = samples[f"import {WHOLE}"], samples[f"import {LIBRARIES}"]
    figures.append(ratio(f"import {WHOLE} / its libraries", *imports))
    return Result("start", machine, {}, rounds, tuple(figures), notes=NOTES)


def _import(module: str) -> float:
    done = subprocess.run(  # noqa: S603  # nosec B603  # our own interpreter
        [sys.executable, "-c", CLOCK.format(module=module)],
        cwd=ROOT, env=bare_environment(), stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return float(done.stdout)


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
