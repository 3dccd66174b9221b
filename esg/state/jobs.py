"""Jobs: what someone asked for, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from esg.errors import NotFound
from esg.state import flow, notices
from esg.state.lens import lens
from esg.state.schema import jobs as table
from esg.state.schema import runs
from esg.state.units import Claimed
from esg.state.upsert import upsert

OPEN = ("queued", "running")
TERMINAL = ("scored", "rejected", "failed", "cancelled")
OPERATOR = "public"  # whose jobs are no tenant's


@dataclass(frozen=True, slots=True)
class Job:
    """A submission as its sender sees it. `reused`: nothing had to be done."""

    id: str
    source: str
    document_id: str | None
    company: str | None
    year: int | None
    state: str  # queued, running, scored, rejected, failed, cancelled
    stage: str  # ingest, embed, index, score; "" once it is over
    reason: str
    reason_code: str
    pages: int
    chunks: int
    chunks_embedded: int
    eta_seconds: float | None
    created_at: datetime
    finished_at: datetime | None
    reused: bool
    rubric: str = ""
    trace: str = ""

    @property
    def is_over(self) -> bool:
        return self.state in TERMINAL


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for. `document_id` is given when the bytes are already in the lake; `tenant` is whose."""

    job_id: str
    source: str
    company: str | None
    year: int | None
    document_id: str | None
    rubric: str
    force: bool = False
    trace: str = ""
    webhook: str = ""
    tenant: str | None = None

    @property
    def lens(self) -> str:
        return lens(self.rubric, self.tenant)


def accept(tx: Connection, request: Request, *, now: datetime) -> bool:
    """Write the job down; False when a job of this id was accepted before."""
    row = {
        "id": request.job_id,
        "tenant": request.tenant or OPERATOR,
        "source": request.source,
        "company": request.company or None,
        "year": request.year,
        "rubric": request.rubric,
        "force": request.force,
        "trace": request.trace,
        "webhook": request.webhook,
        "state": "queued",
        "created_at": now,
    }
    return upsert(tx, table, row) == 1


def find(tx: Connection, job_id: str, *, tenant: str | None) -> Row[Any] | None:
    return tx.execute(within(sa.select(table).where(table.c.id == job_id), tenant)).one_or_none()


def missing(job_id: str) -> NotFound:
    """What is said of a job that is not there, and of one that is another tenant's."""
    return NotFound(f"There is no job {job_id}.", next_step="List the latest with `esg status`.")


def within(query: sa.Select[Any], tenant: str | None) -> sa.Select[Any]:
    """Keep a tenant's jobs; the operator, None, sees all."""
    return query if tenant is None else query.where(table.c.tenant == tenant)


def join(tx: Connection, job_id: str, document_id: str, run: str, *, is_running: bool) -> None:
    """Let a job wait for a run."""
    state = "running" if is_running else "queued"
    tx.execute(_JOINED, {"job": job_id, "document": document_id, "run": run, "how": state})


_JOINED = (
    sa.update(table)
    .where(table.c.id == sa.bindparam("job"))
    .values(document_id=sa.bindparam("document"), run_id=sa.bindparam("run"), state=sa.bindparam("how"))
)


def begin(tx: Connection, claimed: Claimed) -> None:
    """The first worker has the jobs that a stage run works for; upkeep works for none."""
    if claimed.document_id is None and claimed.task != flow.SOURCE:
        return
    queued = sa.and_(waiting_for(claimed), table.c.state == "queued")
    tx.execute(sa.update(table).where(queued).values(state="running"))


def finish(
    tx: Connection,
    condition: sa.ColumnElement[bool],
    state: str,
    *,
    now: datetime,
    code: str = "",
    reason: str = "",
    reused: bool = False,
) -> None:
    """End the open jobs of `condition`, and have told of it; a job that is over stays as it ended."""
    ended = tx.execute(
        sa.update(table)
        .where(condition, table.c.state.in_(OPEN))
        .values(state=state, reason_code=code, reason=reason, finished_at=now, reused=reused)
        .returning(*notices.COLUMNS)
    ).all()
    notices.open_for(tx, ended, state, code, now=now)


def reopen(tx: Connection, condition: sa.ColumnElement[bool]) -> None:
    """Wait again, after a dead letter was retried."""
    tx.execute(
        sa.update(table)
        .where(condition, table.c.state.in_(("rejected", "failed")))
        .values(state="running", reason_code="", reason="", finished_at=None, reused=False)
    )


def waiting_for(claimed: Claimed) -> sa.ColumnElement[bool]:
    """The jobs that a stage run works for."""
    if claimed.document_id is None:
        return table.c.id == claimed.subject
    mine = sa.select(runs.c.id).where(
        runs.c.document_id == claimed.document_id, runs.c.pipeline_version == claimed.pipeline_version
    )
    return table.c.run_id.in_(mine.where(runs.c.rubric == claimed.rubric) if claimed.rubric else mine)


def of_runs(run_ids: Sequence[str]) -> sa.ColumnElement[bool]:
    return table.c.run_id.in_(run_ids)


def open_on(tx: Connection, run: str) -> list[str]:
    """The ids of the jobs that wait for a run."""
    return list(
        tx.execute(sa.select(table.c.id).where(table.c.run_id == run, table.c.state.in_(OPEN))).scalars()
    )


def request(tx: Connection, job_id: str, document_id: str) -> Request:
    """What a job asked for, now that its document is known."""
    row = tx.execute(sa.select(table).where(table.c.id == job_id)).one()
    return Request(
        job_id=row.id,
        source=row.source,
        company=row.company,
        year=row.year,
        document_id=document_id,
        rubric=row.rubric,
        force=row.force,
        trace=row.trace,
        tenant=None if row.tenant == OPERATOR else row.tenant,
    )
