"""Logs and traces of a worker or beat, beside the tasks and not inside them (STYLE §19)."""

import logging
from typing import Any

from celery.signals import setup_logging, worker_process_shutdown, worker_shutdown

from esg import logs
from esg.settings import Settings
from esg.state import Claimed
from tasks.signals import stage_run_began, stage_run_ended
from workers.tracing import Spans

CHATTY = ("celery.app.trace", "celery.worker.strategy", "multiprocessing")  # the tasks say it themselves

_spans = Spans(Settings().otlp_endpoint)


@setup_logging.connect(weak=False)
def write_json(loglevel: int | str = "INFO", **_: Any) -> None:
    """Log JSON lines in the main process and each child; being connected keeps Celery from its own way."""
    level = loglevel if isinstance(loglevel, str) else logging.getLevelName(loglevel)
    logs.configure(level)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


@stage_run_began.connect(weak=False)
def open_span(claimed: Claimed, **_: Any) -> None:
    """Begin a span in the trace of the submission, however often and by whomever its work was published."""
    _spans.open(claimed)


@stage_run_ended.connect(weak=False)
def close_span(claimed: Claimed, outcome: str, **_: Any) -> None:
    _spans.close(claimed, outcome=outcome)


@worker_process_shutdown.connect(weak=False)
@worker_shutdown.connect(weak=False)
def flush_spans(**_: Any) -> None:
    """Send what is buffered: a recycled child would lose all of it (FLEET §2 #16)."""
    _spans.flush()
