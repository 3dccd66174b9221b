"""Tasks a second and the wait in the queue: a StageTask with its outbox beside a bare Celery no-op.

Both bodies do nothing but write down when they ran, each in one prefork child, on the same Redis. The bare
one has Celery's own settings: acknowledged before it runs, four prefetched, nothing kept, nothing retried.
"""

import os
import tempfile
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from celery import Celery

from esg.celery import Fleet as App
from esg.evaluate.bench.contender import Unavailable
from esg.evaluate.bench.fleet import ROOT, Fleet
from esg.evaluate.bench.machine import this_machine
from esg.evaluate.bench.result import Bar, Figure, Result, least, ratio
from esg.evaluate.bench.rounds import OnTurn
from esg.evaluate.bench.yardstick import yardstick
from esg.state import Done, Policy, State, Unit
from esg.state.clock import utc_now
from esg.state.engine import writing
from esg.state.stage_runs import open_units

OURS, BARE = "StageTask", "bare Celery"
APP = "tests.bench.noop"
SHARE_OF_BARE = Bar(0.5)
PACE = 20  # tasks a second while the wait is measured: far below what either can do
QUIET_SWEEP = "3600"
SYNCS = 100
NOTES = (
    "A backlog is drained; then tasks come at 20 a second: the wait is from when a call was accepted (ours: "
    "its row committed; bare: about to be sent) to its body. The state is SQLite; ours brings the end of a "
    "task to the disk. CPU is that of the worker and its child; its SQL alone is the same claim and end "
    "in this process, no worker and no broker. A sync brings 4 KiB more of a file to the disk: a StageTask "
    "waits for one.",
)


def bench_dispatch(*, tasks: int, paced: int, rounds: int, on_turn: OnTurn = print) -> Result:
    """Drain `tasks` of each kind by turns, `rounds` times and once before, and let `paced` come at a pace."""
    if not (ROOT / "tests" / "bench" / "noop.py").exists():
        raise Unavailable("its no-op tasks are in the checkout, not in the installed package")
    machine = this_machine()
    with tempfile.TemporaryDirectory() as folder:
        ran = Path(folder) / "ran"
        with Fleet(
            Path(folder) / "home", ESG_SWEEP_SECONDS=QUIET_SWEEP, ESG_WORKER_NICE="0", BENCH_RAN=str(ran)
        ) as fleet:
            sides: dict[str, Side] = {OURS: _Staged(fleet), BARE: _Bare(fleet)}
            rates: dict[str, list[float]] = {name: [] for name in sides}
            costs: dict[str, list[float]] = {name: [] for name in sides}
            waits: dict[str, list[float]] = {name: [] for name in sides}
            yardsticks: list[float] = []
            sql: list[float] = []
            syncs: list[float] = []
            for number in range(rounds + 1):
                for name, side in sides.items():
                    on_turn(f"{name}, round {number} of {rounds}")
                    yardsticks.append(yardstick())
                    before = fleet.cpu_seconds(side.worker)
                    rate = _drained(side, tasks, ran)
                    cost = 1000 * (fleet.cpu_seconds(side.worker) - before) / tasks
                    wait = _p99_wait(side, paced, ran) if paced else None
                    if number:
                        rates[name].append(rate)
                        costs[name].append(cost)
                        waits[name] += [] if wait is None else [wait]
                if number:
                    sql.append(
                        _sql_milliseconds(fleet.state.policy, Path(folder) / f"{number}.sqlite", tasks)
                    )
                    syncs.append(_sync_milliseconds(Path(folder) / "synced"))
    figures = [Figure(name, "tasks/s", tuple(found)) for name, found in rates.items()]
    figures.append(ratio(f"{OURS} / {BARE}", rates[OURS], rates[BARE], SHARE_OF_BARE))
    figures += [Figure(f"{name}, CPU of a task", "ms", tuple(found)) for name, found in costs.items()]
    figures.append(ratio(f"{OURS} / {BARE}, CPU", costs[OURS], costs[BARE]))
    figures.append(least(f"100 × {OURS} / yardstick, CPU", costs[OURS], [10 * each for each in yardsticks]))
    figures.append(Figure(f"{OURS}, CPU of its SQL alone", "ms", tuple(sql)))
    figures.append(Figure("a sync of the disk", "ms", tuple(syncs)))
    figures += [Figure(f"{name}, p99 of the wait", "ms", tuple(some)) for name, some in waits.items() if some]
    return Result("dispatch", machine, {}, rounds, tuple(figures), notes=NOTES)


class _Staged:
    """Ours: a row of SQL for each, published by the outbox."""

    worker = "embed"

    def __init__(self, fleet: Fleet) -> None:
        self._state, self._count = fleet.state, 0
        self._app = App("bench")
        self._app.config_from_object("celeryconfig")
        self._app.conf.update(broker_url=fleet.broker)
        fleet.start("embed", app=APP)  # whose children stay: others are replaced after so many tasks
        fleet.wait_ready("embed")

    def backlog(self, tasks: int) -> None:
        """Write all down in one transaction, then begin to publish."""
        with writing(self._state.engine) as tx:
            open_units(tx, [self._unit(number) for number in range(tasks)], now=utc_now())
        self.publish()

    def call(self, number: int) -> float:
        """Write one down and publish it; returns when it was accepted."""
        self._state.enqueue(self._unit(number))
        accepted = time.time()
        self.publish()
        return accepted

    def _unit(self, number: int) -> Unit:
        self._count += 1
        return Unit("embed.noop", f"noop-{self._count}", {"number": number})

    def publish(self) -> None:
        """Publish what is due, as every task does at its end."""
        self._state.dispatch()
        while hints := self._state.take_outbox():
            for hint in hints:
                self._app.send_task(
                    hint.task, kwargs={"unit": hint.unit}, task_id=hint.unit, queue=hint.queue
                )
            self._state.mark_published(hints)


class _Bare:
    """Celery as it comes."""

    worker = "bare"

    def __init__(self, fleet: Fleet) -> None:
        self._app = Celery("bare", broker=fleet.broker)
        self._app.conf.update(task_ignore_result=True, task_default_queue="bare")
        options = ["worker", "-c", "1", "-n", "bare@bench", "--without-gossip", "--without-mingle"]
        options += ["--without-heartbeat", "-l", "WARNING"]
        arguments = ["-m", "celery", "-A", f"{APP}:bare", *options]
        fleet.run("bare", arguments, {"BENCH_BROKER_URL": fleet.broker})
        fleet.wait(lambda: self._app.control.ping(timeout=0.5), "bare", "bare Celery to be ready")

    def backlog(self, tasks: int) -> None:
        """Send all while nobody takes any, then let the worker begin."""
        self._app.control.cancel_consumer("bare", reply=True)
        for number in range(tasks):
            self.call(number)
        self._app.control.add_consumer("bare", reply=True)

    def call(self, number: int) -> float:
        accepted = time.time()
        self._app.send_task("bare.noop", kwargs={"number": number})
        return accepted


Side = _Staged | _Bare


def _drained(side: Side, tasks: int, ran: Path) -> float:
    """Tasks a second from the first to the last of a backlog that was there before."""
    ran.write_bytes(b"")
    side.backlog(tasks)
    times = sorted(_times(ran, tasks).values())
    return (tasks - 1) / (times[-1] - times[0])


def _p99_wait(side: Side, tasks: int, ran: Path) -> float:
    """Milliseconds from a call that is accepted to its body, which one in a hundred exceeds, at the pace."""
    ran.write_bytes(b"")
    called = []
    started = time.monotonic()
    for number in range(tasks):
        time.sleep(max(0.0, started + number / PACE - time.monotonic()))
        called.append(side.call(number))
    times = _times(ran, tasks)
    return float(np.percentile([1000 * (times[n] - called[n]) for n in range(tasks)], 99))


def _sql_milliseconds(policy: Policy, path: Path, tasks: int) -> float:
    """CPU of what one task asks of SQL: its claim, its end, and its share of filling the queue."""
    state = State.open(f"sqlite:///{path}", policy)
    with writing(state.engine) as tx:
        units = [Unit("embed.noop", str(number), {"number": number}) for number in range(tasks)]
        open_units(tx, units, now=utc_now())
    state.dispatch()
    hints = deque(state.take_outbox())
    before = time.process_time()
    while hints:
        if claimed := state.claim(hints.popleft().unit, "bench"):
            _, taken = state.complete_and_take(claimed, Done())
            if taken:
                state.mark_published(taken)
                hints += taken
    seconds = time.process_time() - before
    state.close()
    return 1000 * seconds / tasks


def _sync_milliseconds(path: Path) -> float:
    """What it takes to bring 4 KiB more of a file to the disk: the median of 100."""
    took = []
    with path.open("ab", buffering=0) as file:
        for _ in range(SYNCS):
            file.write(bytes(4096))
            started = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - started)
    return 1000 * float(np.median(took))


def _times(ran: Path, tasks: int) -> dict[int, float]:
    """When each ran first, once all have; raises Unavailable where they do not."""
    deadline = time.monotonic() + 60 + tasks
    while time.monotonic() < deadline:
        lines: Sequence[Any] = [line.split() for line in ran.read_text().splitlines()]
        found = {int(number): float(at) for number, at in reversed(lines)}
        if len(found) == tasks:
            return found
        time.sleep(0.05)
    raise Unavailable(f"{tasks - len(found)} of {tasks} no-ops never ran")
