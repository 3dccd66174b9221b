"""Runs: a document on its way through one pipeline version to one rubric's scorecard."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from esg.state import documents, jobs
from esg.state.flow import Stage
from esg.state.lens import parts
from esg.state.schema import runs as table
from esg.state.units import Claimed
from esg.state.upsert import upsert


class RunState(StrEnum):
    RUNNING = "running"
    SCORED = "scored"
    REJECTED = "rejected"
    FAILED = "failed"
    CANCELLED = "cancelled"


def run_id(document_id: str, pipeline_version: str, lens: str) -> str:
    """Name a run by what it makes: 32 hexadecimal digits."""
    return hashlib.sha256(f"{document_id}\n{pipeline_version}\n{lens}".encode()).hexdigest()[:32]


def run_of(claimed: Claimed) -> str:
    """The run that a stage run of score belongs to."""
    return run_id(claimed.subject, claimed.pipeline_version, claimed.rubric)


def find(tx: Connection, run: str) -> Row[Any] | None:
    return tx.execute(_ONE, {"run": run}).one_or_none()


def get(tx: Connection, run: str) -> Row[Any]:
    return tx.execute(_ONE, {"run": run}).one()


_ONE = sa.select(table).where(table.c.id == sa.bindparam("run"))


def start(
    tx: Connection, document_id: str, pipeline_version: str, lens: str, *, trace: str, now: datetime
) -> str:
    """Open a run, or set one that ended running again; returns its id."""
    run = run_id(document_id, pipeline_version, lens)
    again = {"state": RunState.RUNNING, "reason_code": "", "reason": "", "finished_at": None, "trace": trace}
    row = {
        "id": run,
        "document_id": document_id,
        "pipeline_version": pipeline_version,
        "rubric": lens,
        "stage": Stage.INGEST,
        "created_at": now,
    }
    upsert(tx, table, row | again, key=["id"], update=again)
    documents.show_run(tx, document_id, run, tenant=parts(lens).tenant)
    return run


def running(tx: Connection, document_id: str, pipeline_version: str) -> Sequence[Row[Any]]:
    """The runs that want this document prepared, or wait for their score."""
    return tx.execute(_RUNNING, {"document": document_id, "version": pipeline_version}).all()


_RUNNING = (
    sa.select(table)
    .where(
        table.c.document_id == sa.bindparam("document"),
        table.c.pipeline_version == sa.bindparam("version"),
        table.c.state == RunState.RUNNING,
    )
    .order_by(table.c.created_at, table.c.id)
)


def enter(tx: Connection, run_ids: Sequence[str], stage: Stage) -> None:
    tx.execute(_ENTERED, {"runs": run_ids, "now_at": stage})


_ENTERED = (
    sa.update(table)
    .where(table.c.id.in_(sa.bindparam("runs", expanding=True)), table.c.stage != sa.bindparam("now_at"))
    .values(stage=sa.bindparam("now_at"))
)


def finish(
    tx: Connection,
    run_ids: Sequence[str],
    state: RunState,
    *,
    now: datetime,
    code: str = "",
    reason: str = "",
) -> None:
    """End runs and with them every job that waits for one."""
    tx.execute(
        sa.update(table)
        .where(table.c.id.in_(run_ids))
        .values(state=state, reason_code=code, reason=reason, finished_at=now)
    )
    jobs.finish(tx, jobs.of_runs(run_ids), state, now=now, code=code, reason=reason)
