"""SQL → broker: publish what is due, take back what was lost; after every commit, and by the sweepers."""

import logging
from collections.abc import Sequence

import redis
from celery import Celery
from kombu import Producer
from kombu.exceptions import KombuError

from esg import tracing
from esg.errors import EsgError
from esg.state import Hint, State, SweepReport
from tasks import metrics
from tasks.signals import stage_run_lost

log = logging.getLogger(__name__)

BATCH = 100  # hints per round trip
MARKER = "fleet"  # a key that is gone when the broker has lost its data
AWAY = (KombuError, redis.RedisError, EsgError, OSError)


def dispatch(app: Celery, state: State) -> int:
    """Publish the hints that are due; returns how many. A broker that is away gets them later."""
    state.dispatch()
    return publish(app, state, state.take_outbox(BATCH))


def publish(app: Celery, state: State, hints: Sequence[Hint]) -> int:
    """Publish hints that were taken, and those that are left where these are not all."""
    published = 0
    while hints:
        if not _publish(app, hints):
            state.put_back(hints)
            break
        state.mark_published(hints)
        published += len(hints)
        hints = state.take_outbox(BATCH) if len(hints) == BATCH else ()
    return published


def sweep(app: Celery, state: State) -> SweepReport:
    """Take back leases that ran out, end back-offs, repeat lost hints, publish all that is due."""
    report = state.sweep()
    if _has_forgotten(app) and (again := state.hint_everything()):
        metrics.BROKER_REBUILDS.inc()
        log.warning("The broker had lost its data; %d messages are sent again.", again)
    for reason in ("lost", "poisoned", "retried", "hinted_again"):
        metrics.SWEPT.labels(reason).inc(getattr(report, reason))
    metrics.DOCUMENTS.labels("failed").inc(report.poisoned)
    for claimed in report.taken:
        stage_run_lost.send(sender=None, claimed=claimed)
    dispatch(app, state)
    return report


def _publish(app: Celery, hints: Sequence[Hint]) -> bool:
    """Send hints in one go; False when the broker did not take them all."""
    try:
        with app.producer_pool.acquire(block=True, timeout=5) as producer, producer.batch(BATCH):  # type: ignore[attr-defined]  # new in kombu 5.7
            for hint in hints:
                send(app, hint, producer)
    except AWAY as error:
        metrics.PUBLISH_ERRORS.inc()
        log.warning("The broker does not take messages (%s); they are sent later.", type(error).__name__)
        return False
    for hint in hints:
        metrics.HINTS_PUBLISHED.labels(hint.queue).inc()
    return True


def send(app: Celery, hint: Hint, producer: Producer) -> None:
    """Send one hint, under 1 KiB with all that Celery adds (DESIGN §2).

    The message's id is the stage run's, so Flower and the logs speak of stage runs, and a repeated hint is no
    other task to them. The message continues the row's trace; nobody waits for a reply. Its queue is one of
    the fleet's, which workers declare; to declare it here at each message would take a fifth of sending it.
    """
    about = {
        "messaging.system": "redis",
        "messaging.operation.name": "send",
        "messaging.operation.type": "send",
        "messaging.destination.name": hint.queue,
        "messaging.message.id": hint.unit,
    }
    with tracing.span(f"send {hint.queue}", "producer", parent=hint.trace, attributes=about) as span:
        app.send_task(
            hint.task,
            kwargs={"unit": hint.unit},
            task_id=hint.unit,
            queue=hint.queue,
            declare=(),
            producer=producer,
            reply_to="-",
            headers={"traceparent": span.traceparent or hint.trace},
        )


def _has_forgotten(app: Celery) -> bool:
    """Whether the broker lost its data since anyone looked; of all who ask, one is told."""
    try:
        with app.pool.acquire(block=True, timeout=5) as connection:
            client = connection.default_channel.client  # type: ignore[attr-defined]  # typed as a producer
            return bool(client.set(MARKER, "1", nx=True))
    except AWAY:
        return False
