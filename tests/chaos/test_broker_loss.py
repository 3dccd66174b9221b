"""The broker forgets everything, dies, or sends things twice: SQL knows better (FLEET §6.1)."""

import os
import signal
from collections.abc import Callable

import sqlalchemy as sa

from esg import broker
from esg.celery import Fleet as App
from tests.chaos.conftest import WriteReport
from tests.fakes.fleets import Fleet

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
    app = App("tests")
    app.config_from_object("celeryconfig")
    with app.connection_for_write(broker.ensure(fleet.settings)) as connection:
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
