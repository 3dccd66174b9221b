"""Load what the worker's queues need before its first message, in each child."""

import logging
import os
import time
from contextlib import suppress
from typing import Any

from celery.signals import celeryd_after_setup, worker_process_init, worker_process_shutdown

from esg import collector
from esg.errors import Misconfigured, Transient
from esg.extract import sandbox
from esg.resources import Resources, resources
from esg.settings import Settings
from workers.presence import Presence

log = logging.getLogger(__name__)

QUEUES, NODE = "ESG_WORKER_QUEUES", "ESG_WORKER_NODE"  # how a child, a fresh interpreter, knows whose it is


@celeryd_after_setup.connect(weak=False)
def tell_children(sender: str = "", instance: Any = None, **_: Any) -> None:
    """Leave word for the children, in the main process."""
    os.environ[QUEUES] = ",".join(instance.app.amqp.queues.consume_from)
    os.environ[NODE] = sender


@worker_process_init.connect(weak=False)
def warm_up(**_: Any) -> None:
    """Open what is slow to open; a child that is recycled does so again (FLEET §0.6)."""
    started = time.monotonic()
    queues = os.environ.get(QUEUES, "").split(",")
    with suppress(Transient, Misconfigured):  # then the first message asks again, and tells
        resources().state.ping()
    for queue in queues:
        with suppress(Transient, Misconfigured):  # the same, of a model that a service keeps
            WARM_UPS.get(queue, _nothing)(resources())
    collector.leave_out_what_is_loaded()
    Presence(Settings().home, os.environ.get(NODE, "")).child_is_ready()
    log.info(
        "Ready.", extra={"queue": ",".join(queues), "duration_ms": round((time.monotonic() - started) * 1000)}
    )


@worker_process_shutdown.connect(weak=False)
def leave_nothing(**_: Any) -> None:
    """End what this child has parsers forked from: where a worker is process 1, nobody else would reap it."""
    sandbox.end()


def _nothing(r: Resources) -> None:
    del r


def _model(r: Resources) -> None:
    r.embedder.warm_up()


def _judge(r: Resources) -> None:
    """Scoring embeds the rubric's queries, which are known after the first document.

    A rubric that cannot be used is told by whoever is asked to use it.
    """
    r.embedder.embed(["warm"])
    with suppress(Misconfigured):
        r.rubric_key(r.settings.rubric)


def _tokenizer(r: Resources) -> None:
    r.embedder.tokenizer.offsets("warm")


WARM_UPS = {"ingest": _tokenizer, "embed": _model, "score": _judge}
