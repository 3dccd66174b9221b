"""The fleet's own app with faults: what tests ask for in `ESG_HOME/faults`, a body meets under its lease.

Run as `celery -A tests.fakes.faulty worker`; children import it too, since it adds itself to `imports`.
Annotated limits: ESG_TEST_SOFT_SECONDS and ESG_TEST_HARD_SECONDS replace those of all tasks.
"""

import ctypes
import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from celery import current_app
from celery.signals import worker_process_init

from esg.celery import app
from esg.errors import Transient
from esg.resources import resources
from esg.settings import Settings
from esg.state import Done, Outcome
from tasks.base import StageTask
from tasks.queues import QUEUE_OF

__all__ = ["app"]

if __name__ not in app.conf.imports:
    app.conf.imports = (*app.conf.imports, __name__)
if "ESG_TEST_HARD_SECONDS" in os.environ:
    limits = {
        "soft_time_limit": float(os.environ["ESG_TEST_SOFT_SECONDS"]),
        "time_limit": float(os.environ["ESG_TEST_HARD_SECONDS"]),
    }
    app.conf.task_annotations = dict.fromkeys((*QUEUE_OF, "index.probe"), limits)

if "ESG_TEST_CLOCK_SECONDS" in os.environ:
    clock = {**app.conf.beat_schedule["clock"], "schedule": float(os.environ["ESG_TEST_CLOCK_SECONDS"])}
    app.conf.beat_schedule = {"clock": clock}


@app.task(base=StageTask, name="index.probe")
def index_probe(source: str) -> Done:
    """nothing → done: a task whose only content is the fault it meets"""
    return Done()


@worker_process_init.connect(weak=False)
def let_bodies_meet_faults(**_: object) -> None:
    """Put the faults in front of every body, in each child."""
    for task in current_app.tasks.values():
        if isinstance(task, StageTask):
            task.run = _meeting_faults(task.name, task.run)


def _meeting_faults(task: str, body: Callable[..., Outcome]) -> Callable[..., Outcome]:
    def run(**args: Any) -> Outcome:
        source = _source(**args)
        for file in sorted((Settings().home / "faults").glob("*/fault.json")):
            asked = json.loads(file.read_text())
            if asked["task"] == task and asked["source"] in source:
                _meet(file.parent, asked["fault"], asked["times"])
        return body(**args)

    return run


def _source(source: str = "", document_id: str = "", **_: Any) -> str:
    """Where what a task is about came from; "" where it is about no document."""
    if source or not document_id:
        return source
    return resources().state.document(document_id).document.source


def _meet(folder: Path, fault: str, times: int) -> None:
    if len(list(folder.glob("met-*"))) >= times:
        return
    (folder / f"met-{os.getpid()}-{os.getppid()}-{time.time_ns()}").touch()
    FAULTS[fault](folder)


def _segfault(folder: Path) -> None:
    """Die as a broken C library makes a process die."""
    del folder
    ctypes.string_at(0)


def _stall(folder: Path) -> None:
    """Work on until the test says `go`; time limits and shutdowns reach it."""
    while not (folder / "go").exists():
        time.sleep(0.02)


def _hang(folder: Path) -> None:
    """Work on and hear nothing, as C code does: only the hard time limit ends it."""
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    _stall(folder)


def _transient(folder: Path) -> None:
    """Fail as a server that is busy makes a body fail."""
    del folder
    raise Transient("A server said something with hidden words in it.")


FAULTS = {"segfault": _segfault, "stall": _stall, "hang": _hang, "transient": _transient}


@worker_process_init.connect(weak=False)
def load_slowly(**_: object) -> None:
    """Take long to warm up, as a large model does."""
    time.sleep(float(os.environ.get("ESG_TEST_WARM_UP_SECONDS", "0")))
