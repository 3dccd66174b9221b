"""Logs and traces of a worker or beat, beside the tasks and not inside them (STYLE §19).

Tracing is set up in each process that works, when it has begun: never at import, never before a fork.
"""

import logging
import os
from typing import Any

from celery.signals import (
    celeryd_after_setup,
    setup_logging,
    worker_init,
    worker_process_init,
    worker_process_shutdown,
    worker_shutdown,
)

from esg import logs, tracing
from esg.settings import Settings
from esg.state import Claimed
from tasks.base import StageTask
from tasks.signals import stage_run_began, stage_run_ended, stage_run_lost
from workers.tracing import Attempts, start, tell_lost

CHATTY = ("celery.app.trace", "celery.worker.strategy", "multiprocessing")  # the tasks say it themselves

_attempts = Attempts()


@setup_logging.connect(weak=False)
def write_json(loglevel: int | str = "INFO", **_: Any) -> None:
    """Log JSON lines in the main process and each child; being connected keeps Celery from its own way."""
    level = loglevel if isinstance(loglevel, str) else logging.getLevelName(loglevel)
    logs.configure(level)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


@worker_init.connect(weak=False)
@worker_process_init.connect(weak=False)
def start_tracing(**_: Any) -> None:
    settings = Settings()
    start(settings, role=os.environ.get("ESG_WORKER_ROLE", "worker"))


@celeryd_after_setup.connect(weak=False)
def leave_children_to_us(**_: Any) -> None:
    """Keep billiard from giving each child's first lines a handler and a format of their own."""
    os.environ.pop("_MP_FORK_LOGLEVEL_", None)


@stage_run_began.connect(weak=False)
def open_attempt(sender: StageTask, claimed: Claimed, **_: Any) -> None:
    """Begin a span in the trace of the submission, however often and by whomever its work was published."""
    _attempts.open(claimed, sender.open_state())


@stage_run_ended.connect(weak=False)
def close_attempt(claimed: Claimed, outcome: str, **_: Any) -> None:
    _attempts.close(claimed, outcome=outcome)


@stage_run_lost.connect(weak=False)
def tell_of_loss(claimed: Claimed, **_: Any) -> None:
    tell_lost(claimed)


@worker_process_shutdown.connect(weak=False)
@worker_shutdown.connect(weak=False)
def flush_spans(**_: Any) -> None:
    """Send what is buffered: a recycled child would lose all of it (FLEET §2 #16)."""
    tracing.flush()
