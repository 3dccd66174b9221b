"""The fleet's own housekeeping: publish what is due, take back what was lost, prove that beat is heard."""

import time
from datetime import UTC, datetime

from esg.celery import app
from esg.resources import resources
from tasks import metrics
from tasks.base import FleetTask
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
