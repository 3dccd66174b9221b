"""The broker forgets everything, dies, or sends things twice: SQL knows better (FLEET §6.1)."""

import fcntl
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from esg import broker
from esg.broker.pure import SocketFakeServer
from tests.chaos.conftest import WriteReport
from tests.fakes.fleets import PATIENCE_SECONDS, Fleet

FLUSHES = 8
KILLS = 3


def test_a_broker_that_is_emptied_again_and_again_loses_nothing(fleet: Fleet, report: WriteReport) -> None:
    client = broker.connect(broker.ensure(fleet.settings))
    ids = [fleet.submit(report(str(n))) for n in range(4)]

    for _ in range(FLUSHES):
        _while_working(fleet, ids, client.flushall)
    client.close()
    jobs = fleet.until_scored(ids)

    _assert_each_once(fleet, [job.document_id or "" for job in jobs])


def test_a_broker_that_is_killed_comes_back_and_no_worker_dies_of_it(
    fleet: Fleet, report: WriteReport
) -> None:
    """The regression of Celery 5.7.0 (FLEET §0.1): a worker that reconnected while it had tasks exited."""
    workers = {name: worker.process.pid for name, worker in fleet.workers.items()}
    ids = [fleet.submit(report(str(n))) for n in range(4)]

    for _ in range(KILLS):
        _while_working(fleet, ids, lambda: _kill_broker(fleet))
    jobs = fleet.until_scored(ids)

    _assert_each_once(fleet, [job.document_id or "" for job in jobs])
    assert {name: worker.process.pid for name, worker in fleet.workers.items()} == workers
    assert all(worker.is_running for worker in fleet.workers.values()), fleet.report()


def test_a_message_that_comes_many_times_is_one_task(fleet: Fleet, report: WriteReport) -> None:
    """Copies that come while the task runs, and copies that come after it."""
    path = report()
    fault = fleet.inject("stall", task="embed.batch", source=str(path))
    job = fleet.submit(path)
    fleet.until_met(fault)

    document = fleet.state.job(job).document_id or ""

    _publish(fleet, _units(fleet, document) * 5)
    (fault / "go").touch()
    fleet.until_scored([job])
    _publish(fleet, _units(fleet, document) * 5)
    fleet.until(lambda: _queued(fleet) == 0, "the copies to be taken")

    _assert_each_once(fleet, [document])
    assert fleet.count("stage_runs", document_id=document, attempts=1) == 4


def test_a_broker_that_dies_while_a_worker_is_paused_is_started_again(bare_fleet: Fleet) -> None:
    """A heartbeat is due when the worker goes on, before it can notice anything."""
    bare_fleet.start("index")
    worker = bare_fleet.workers["index"]

    worker.send(signal.SIGSTOP)
    broker.stop(bare_fleet.settings)
    time.sleep(2.5)
    worker.send(signal.SIGCONT)

    bare_fleet.until(lambda: broker.running(bare_fleet.settings), "the worker to start the broker again")
    assert worker.is_running


@pytest.mark.parametrize("pings", [0, 1], ids=["before it is found", "after it was found"])
def test_a_broker_that_dies_while_a_worker_looks_for_it_is_started_again(
    bare_fleet: Fleet, pings: int
) -> None:
    """For a moment a killed server cannot be reached and still holds its lock."""
    bare_fleet.start("index")
    worker = bare_fleet.workers["index"]

    worker.send(signal.SIGSTOP)
    broker.stop(bare_fleet.settings)
    with _dying(bare_fleet.home / "broker", pings=pings) as dying:
        worker.send(signal.SIGCONT)
        assert dying.refused.wait(PATIENCE_SECONDS)
        time.sleep(1.0)  # for every thread of the worker to have looked
    bare_fleet.until(lambda: broker.running(bare_fleet.settings), "the worker to start the broker again")

    unit, _ = bare_fleet.probe("after", times=0)
    bare_fleet.until_state(unit, "done")
    assert worker.is_running


class Dying(SocketFakeServer):
    """Answers so many clients, then nobody."""

    def __init__(self, path: Path, *, pings: int) -> None:
        super().__init__(str(path))  # type: ignore[arg-type]  # a Unix socket's address is a path
        self.left = pings
        self.refused = threading.Event()

    def verify_request(self, request: object, client_address: object) -> bool:
        if self.left:
            self.left -= 1
            return True
        self.refused.set()
        return False


@contextmanager
def _dying(folder: Path, *, pings: int) -> Iterator[Dying]:
    """Hold the lock of an embedded broker that is recorded as this process."""
    (folder / "redis.sock").unlink(missing_ok=True)
    record = {"url": f"redis+socket://{folder}/redis.sock", "pid": os.getpid(), "program": "dying"}
    (folder / "endpoint.json").write_text(json.dumps(record))
    with (folder / "lock").open() as lock, Dying(folder / "redis.sock", pings=pings) as server:
        fcntl.flock(lock, fcntl.LOCK_EX)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def _while_working(fleet: Fleet, ids: list[str], harm: Callable[[], object]) -> None:
    """Do harm once some stage run has been finished since the last time, unless all is done."""
    before = fleet.count("stage_runs", state="done")
    fleet.until(
        lambda: fleet.count("stage_runs", state="done") > before or all(j.is_over for j in fleet.jobs(ids)),
        "work to go on",
    )
    harm()


def _kill_broker(fleet: Fleet) -> None:
    running = broker.running(fleet.settings)
    if running is not None:
        os.kill(running.pid, signal.SIGKILL)
    fleet.until(lambda: broker.running(fleet.settings), "a worker to start the broker again")


def _units(fleet: Fleet, document_id: str) -> list[tuple[str, str]]:
    with fleet.state.engine.connect() as connection:
        query = sa.text("SELECT task, id FROM stage_runs WHERE document_id = :document")
        rows = connection.execute(query, {"document": document_id})
        return [(row.task, row.id) for row in rows]


def _publish(fleet: Fleet, units: list[tuple[str, str]]) -> None:
    app = fleet.app()
    with app.connection_for_write() as connection:
        for task, unit in units:
            app.send_task(task, kwargs={"unit": unit}, connection=connection)


def _queued(fleet: Fleet) -> int:
    """Count what waits; what is unacknowledged since the broker was killed lies there for 15 minutes."""
    client = broker.connect(broker.ensure(fleet.settings))
    try:
        return sum(int(client.llen(f"esg:{queue}")) for queue in ("ingest", "embed", "index", "score"))
    finally:
        client.close()


def _assert_each_once(fleet: Fleet, documents: list[str]) -> None:
    assert len(set(documents)) == len(documents)
    for document in documents:
        assert fleet.count("scorecards", document_id=document) == 1
        assert fleet.count("runs", document_id=document) == 1
        assert fleet.count("stage_runs", document_id=document) == 4
        assert fleet.count("stage_runs", document_id=document, state="done") == 4
