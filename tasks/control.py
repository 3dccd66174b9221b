"""The fleet's own housekeeping: publish what is due, take back what was lost, prove that beat is heard."""

import time
from datetime import UTC, datetime

from esg import tracing
from esg.celery import app
from esg.resources import resources
from esg.state import Done
from esg.webhook import Event, deliver
from tasks import metrics
from tasks.base import FleetTask, HouseTask
from tasks.clock import fire_due
from tasks.dispatch import dispatch, sweep


@app.task(base=FleetTask, name="control.dispatch")
def control_dispatch() -> None:
    """the outbox → the broker"""
    dispatch(app, resources().housekeeping)


@app.task(base=FleetTask, name="control.sweep")
def control_sweep() -> None:
    """lost leases, back-offs that are over, lost messages → pending again"""
    sweep(app, resources().housekeeping)


@app.task(base=FleetTask, name="control.clock")
def control_clock() -> None:
    """what is due by the schedule → stage runs"""
    r = resources()
    if fire_due(r.schedule, r.housekeeping, now=datetime.now(UTC)):
        dispatch(app, r.housekeeping)


@app.task(base=FleetTask, name="control.canary", bind=True)
def control_canary(self: FleetTask) -> None:
    """beat → a worker: how long that took, and when"""
    now = time.time()
    metrics.BEAT_LAST_RUN.set(now)
    metrics.CANARY_SECONDS.set(now - float(getattr(self.request, "sent_at", now)))


@app.task(base=HouseTask, name="control.webhook", bind=True)
def control_webhook(self: HouseTask, job_id: str, state: str, reason_code: str, at: str) -> Done:
    """a job that ended → whoever asked to be told"""
    r = resources()
    notice = r.housekeeping.notice(job_id)
    if notice is not None:
        event = Event.job_finished(
            job_id,
            at=at,
            state=state,
            reason_code=reason_code,
            document_id=notice.document_id,
            source=notice.source,
            rubric=notice.rubric,
        )
        with tracing.asking("webhook", "deliver") as traceparent:
            deliver(
                event,
                notice.url,
                secret=r.webhook_secret,
                limits=r.webhook_limits,
                traceparent=traceparent or self.traceparent,
            )
    return Done()
