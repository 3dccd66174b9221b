"""A worker's spans: of each message (Celery's instrumentation) and in it of each attempt at a stage run.

The message's span continues the sender's. An attempt is linked to the attempt before it, and to the stage
runs whose work it goes on with: the batches of embedding, where there are many. Its id follows from the row
and its epoch, so whoever knows the row can link to it.
"""

from contextlib import AbstractContextManager
from typing import Any

from celery import signals

from esg import tracing
from esg.settings import Settings
from esg.state import Claimed, State
from tasks.queues import QUEUE_OF

BAD = frozenset({"failed", "rejected", "retry", "fenced"})
MOST_LINKS = 100  # below the 128 that OpenTelemetry keeps


def start(settings: Settings, *, role: str) -> None:
    """Set tracing up in this process, if it is asked for."""
    if not tracing.start(settings.exporting, service=f"esg-{role}"):
        return
    from opentelemetry.instrumentation.celery import CeleryInstrumentor

    instrumentor = CeleryInstrumentor()  # type: ignore[no-untyped-call]
    if not instrumentor.is_instrumented_by_opentelemetry:
        instrumentor.instrument(tracer_provider=tracing.provider(), skip_dep_check=True)
        # Its span of a message that is sent never ends where the sender does not know the task, as the API
        # does not: tasks/dispatch.py has one of our own.
        signals.before_task_publish.disconnect(instrumentor._trace_before_publish)
        signals.after_task_publish.disconnect(instrumentor._trace_after_publish)
        signals.task_prerun.connect(describe_message, weak=False)  # after the one that opens the span


def describe_message(task_id: str = "", task: Any = None, **_: Any) -> None:
    """Say of the message's span what the conventions for messaging ask for."""
    queue = QUEUE_OF.get(task.name, task.name.partition(".")[0])
    opened = tracing.here()
    opened.rename(f"process {queue}")
    opened.say(
        {
            "messaging.system": "redis",
            "messaging.operation.name": "process",
            "messaging.operation.type": "process",
            "messaging.destination.name": queue,
            "messaging.message.id": task_id,
        }
    )


class Attempts:
    """The spans of the stage runs that are under way in this process."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[AbstractContextManager[tracing.Span], tracing.Span]] = {}

    def open(self, claimed: Claimed, state: State) -> None:
        if not tracing.is_on():
            return
        around, parent = tracing.current(), None
        links = [*_links(claimed, state)]
        if tracing.trace_id(around) != tracing.trace_id(claimed.trace) and claimed.trace:
            parent = claimed.trace  # a message that was sent for another submission does as well
            links += [(around, "message")] if around else []
        opened = tracing.span(
            claimed.task,
            parent=parent,
            span_id=tracing.span_id_of(claimed.id, claimed.epoch),
            links=links,
            attributes=_about(claimed),
        )
        self._open[claimed.id] = opened, opened.__enter__()

    def close(self, claimed: Claimed, *, outcome: str) -> None:
        found = self._open.pop(claimed.id, None)
        if found is None:
            return
        opened, span = found
        span.say({"esg.outcome": outcome})
        if outcome in BAD:
            span.fail(outcome)
        opened.__exit__(None, None, None)
        if outcome in BAD:
            tracing.here().fail(
                outcome
            )  # the message's span, which decides whether an unsampled trace is kept


def tell_lost(claimed: Claimed) -> None:
    """Tell of an attempt whose process is no more, in its place: by whoever took its stage run back."""
    tracing.record(
        claimed.task,
        int(claimed.started_at.timestamp() * 1e9),
        "internal",
        parent=claimed.trace,
        span_id=tracing.span_id_of(claimed.id, claimed.epoch),
        attributes=_about(claimed) | {"esg.outcome": "lost"},
        failure="lost",
    )


def _links(claimed: Claimed, state: State) -> list[tuple[str, str]]:
    found = [
        (tracing.attempt_of(feeder.trace, feeder.id, feeder.epoch), "follows")
        for feeder in state.fed_by(claimed)[:MOST_LINKS]
    ]
    if claimed.attempts > 1:
        found.append((tracing.attempt_of(claimed.trace, claimed.id, claimed.epoch - 1), "previous attempt"))
    return found


def _about(claimed: Claimed) -> dict[str, Any]:
    about = {
        "esg.stage": claimed.stage,
        "esg.attempt": claimed.attempts,
        "esg.batch": claimed.batch,
        "esg.pipeline_version": claimed.pipeline_version,
        "messaging.message.id": claimed.id,
    }
    return about | ({"esg.document_id": claimed.document_id} if claimed.document_id else {})
