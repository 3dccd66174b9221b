"""Rows of `jobs` → `Job`, with how far each has come and how long it will take."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from esg.state import flow, jobs, stage_runs
from esg.state.eta import Crowd, Rates, eta_seconds
from esg.state.flow import Prepared, Stage
from esg.state.jobs import Job
from esg.state.runs import RunState
from esg.state.schema import documents, holdings, runs
from esg.state.schema import jobs as table
from esg.state.schema import stage_runs as units
from esg.state.units import UnitState

SAMPLE = 64  # latest stage runs of a task that its rate is measured on


def view(tx: Connection, job_id: str, *, tenant: str | None) -> Job | None:
    rows = tx.execute(jobs.within(_query(), tenant).where(table.c.id == job_id)).all()
    return next(iter(_views(tx, rows)), None)


def views(tx: Connection, *, limit: int, state: str | None, tenant: str | None) -> list[Job]:
    """The newest jobs first."""
    query = jobs.within(_query(), tenant).order_by(table.c.created_at.desc(), table.c.id).limit(limit)
    if state is not None:
        query = query.where(table.c.state == state)
    return _views(tx, tx.execute(query).all())


def _query() -> sa.Select[Any]:
    """Jobs, each with its document as whose it is knows it."""
    held = sa.and_(holdings.c.document_id == table.c.document_id, holdings.c.tenant == table.c.tenant)
    own = holdings.c.document_id.is_not(None)
    return (
        sa.select(
            table,
            runs.c.stage,
            runs.c.pipeline_version,
            sa.case((own, holdings.c.company), else_=documents.c.company).label("known_company"),
            sa.case((own, holdings.c.year), else_=documents.c.year).label("known_year"),
        )
        .outerjoin(runs, runs.c.id == table.c.run_id)
        .outerjoin(documents, documents.c.id == table.c.document_id)
        .outerjoin(holdings, held)
    )


def _views(tx: Connection, rows: Sequence[Row[Any]]) -> list[Job]:
    if not any(row.state in jobs.OPEN for row in rows):
        return [_job(row, _prepared(tx, row), None) for row in rows]
    rates, crowd = measure(tx), count_crowd(tx)
    return [_job(row, prepared := _prepared(tx, row), _eta(row, prepared, rates, crowd)) for row in rows]


def _eta(row: Row[Any], prepared: Prepared, rates: Rates, crowd: Crowd) -> float | None:
    if row.state not in jobs.OPEN:
        return None
    return eta_seconds(prepared, Stage(row.stage or Stage.INGEST), rates, crowd)


def _prepared(tx: Connection, row: Row[Any]) -> Prepared:
    if row.document_id is None or row.pipeline_version is None:
        return Prepared()
    return stage_runs.prepared(tx, row.document_id, row.pipeline_version)


def _job(row: Row[Any], prepared: Prepared, eta: float | None) -> Job:
    is_open = row.state in jobs.OPEN
    return Job(
        id=row.id,
        source=row.source,
        document_id=row.document_id,
        company=row.known_company or row.company,
        year=row.known_year if row.known_year is not None else row.year,
        state=row.state,
        stage=(row.stage or Stage.INGEST.value) if is_open else "",
        reason=row.reason,
        reason_code=row.reason_code,
        pages=prepared.pages,
        chunks=prepared.chunks,
        chunks_embedded=prepared.chunks_embedded,
        eta_seconds=eta,
        created_at=row.created_at,
        finished_at=row.finished_at,
        reused=row.reused,
        rubric=row.rubric,
        trace=row.trace,
    )


def measure(tx: Connection) -> Rates:
    """Rates of the latest stage runs of each stage."""
    latest = {stage: _latest(tx, task) for stage, task in flow.TASKS.items()}
    rates = {stage: _rate(stage, rows) for stage, rows in latest.items()}
    ingests = latest[Stage.INGEST]
    return Rates(
        {stage: rate for stage, rate in rates.items() if rate is not None},
        chunks=sum(row.chunks for row in ingests) / max(1, len(ingests)),
    )


def _latest(tx: Connection, task: str) -> Sequence[Row[Any]]:
    return tx.execute(
        sa.select(units.c.started_at, units.c.finished_at, units.c.chunks)
        .where(units.c.state == UnitState.DONE, units.c.task == task)
        .order_by(units.c.finished_at.desc())
        .limit(SAMPLE)
    ).all()


def _rate(stage: Stage, rows: Sequence[Row[Any]]) -> float | None:
    size = sum(row.chunks for row in rows) if stage is Stage.EMBED else len(rows)
    seconds = sum((row.finished_at - row.started_at).total_seconds() for row in rows)
    return seconds / size if size else None


def count_crowd(tx: Connection) -> Crowd:
    """How many runs share how many busy workers."""
    live = tx.execute(sa.select(sa.func.count()).where(runs.c.state == RunState.RUNNING)).scalar()
    owners = sa.func.count(sa.distinct(units.c.lease_owner))
    busy = tx.execute(sa.select(owners).where(units.c.state == UnitState.LEASED)).scalar()
    return Crowd(max(1, live or 0), max(1, busy or 0))
