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
from esg.state.upsert import insert


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
    return tx.execute(sa.select(table).where(table.c.id == run)).one_or_none()


def get(tx: Connection, run: str) -> Row[Any]:
    return tx.execute(sa.select(table).where(table.c.id == run)).one()


def start(
    tx: Connection, document_id: str, pipeline_version: str, lens: str, *, trace: str, now: datetime
) -> str:
    """Open a run, or set one that ended running again; returns its id."""
    run = run_id(document_id, pipeline_version, lens)
    again = {"state": RunState.RUNNING, "reason_code": "", "reason": "", "finished_at": None, "trace": trace}
    tx.execute(
        insert(tx, table)
        .values(
            id=run,
            document_id=document_id,
            pipeline_version=pipeline_version,
            rubric=lens,
            stage=Stage.INGEST,
            created_at=now,
            **again,
        )
        .on_conflict_do_update(index_elements=["id"], set_=again)
    )
    documents.show_run(tx, document_id, run, tenant=parts(lens).tenant)
    return run


def running(tx: Connection, document_id: str, pipeline_version: str) -> Sequence[Row[Any]]:
    """The runs that want this document prepared, or wait for their score."""
    return tx.execute(
        sa.select(table)
        .where(
            table.c.document_id == document_id,
            table.c.pipeline_version == pipeline_version,
            table.c.state == RunState.RUNNING,
        )
        .order_by(table.c.created_at, table.c.id)
    ).all()


def enter(tx: Connection, run_ids: Sequence[str], stage: Stage) -> None:
    tx.execute(sa.update(table).where(table.c.id.in_(run_ids), table.c.stage != stage).values(stage=stage))


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
