"""A job that ends → a stage run that tells whoever asked to be told; delivered at least once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from esg.state import stage_runs
from esg.state.schema import jobs
from esg.state.units import Unit

TASK = "control.webhook"
COLUMNS = (jobs.c.id, jobs.c.webhook, jobs.c.trace)


@dataclass(frozen=True, slots=True)
class Notice:
    """Where to tell it, and what became of the job."""

    url: str
    job_id: str
    tenant: str
    source: str
    document_id: str | None
    rubric: str


def open_for(tx: Connection, ended: Sequence[Row[Any]], state: str, code: str, *, now: datetime) -> None:
    """Open a stage run for each job (its COLUMNS) that is to be told of; the end is in its args."""
    units = [_unit(row, state, code, now) for row in ended if row.webhook]
    if units:
        stage_runs.open_units(tx, units, now=now)


def _unit(row: Row[Any], state: str, code: str, now: datetime) -> Unit:
    """A job that was opened again and ends once more is told of once more."""
    at = now.isoformat()
    args = {"job_id": row.id, "state": str(state), "reason_code": code, "at": at}
    return Unit(TASK, f"{row.id} {at}", args, trace=row.trace)


def find(tx: Connection, job_id: str) -> Notice | None:
    row = tx.execute(sa.select(jobs).where(jobs.c.id == job_id, jobs.c.webhook != "")).one_or_none()
    if row is None:
        return None
    return Notice(row.webhook, row.id, row.tenant, row.source, row.document_id, row.rubric)
