"""Messages that no client of the fleet sends: they are dropped, and the worker that met them goes on."""

from pathlib import Path

from tests.hostile.broker import Worker
from tests.hostile.corpus.messages import cases


def test_a_worker_outlives_messages_that_break_celery(tmp_path: Path) -> None:
    """One process takes them all and does a good one after them: see `tests/hostile/broker.py`."""
    with Worker(tmp_path) as worker:
        for case in cases():
            worker.send(case.make(), lambda _: None)
        worker.send_canary()
