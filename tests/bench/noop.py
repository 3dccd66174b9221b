"""Two no-ops that write down when they ran: a StageTask of the fleet's own app, and a bare Celery task.

`python -m workers embed --app tests.bench.noop` runs the first; `celery -A tests.bench.noop:bare worker` the
second, on the broker of BENCH_BROKER_URL with Celery's own settings. Both append to the file BENCH_RAN.
"""

import os
import time

from celery import Celery

from esg.celery import app
from esg.state import Done
from tasks.base import StageTask

__all__ = ["app", "bare"]

if __name__ not in app.conf.imports:
    app.conf.imports = (*app.conf.imports, __name__)

bare = Celery("bare", broker=os.environ.get("BENCH_BROKER_URL"))
bare.conf.update(task_ignore_result=True, task_default_queue="bare", broker_connection_retry_on_startup=True)


@app.task(base=StageTask, name="embed.noop")
def noop(number: int) -> Done:
    """nothing → done"""
    _write_down(number)
    return Done()


@bare.task(name="bare.noop")
def bare_noop(number: int) -> None:
    _write_down(number)


def _write_down(number: int) -> None:
    with open(os.environ["BENCH_RAN"], "ab", buffering=0) as file:  # noqa: PTH123  # as little as can be
        file.write(f"{number} {time.time()}\n".encode())
