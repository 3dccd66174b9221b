"""Rows of `jobs` → `Job`, with how far each has come and how long it will take."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from esg.state import flow, jobs, stage_runs
from esg.state.documents import is_of
from esg.state.eta import Crowd, Rates, eta_seconds
from esg.state.flow import Prepared, Stage
from esg.state.jobs import Job
from esg.state.listing import Wanted, newest_first
from esg.state.runs import RunState
from esg.state.schema import documents, holdings, runs
from esg.state.schema import jobs as table
from esg.state.schema import stage_runs as units
from esg.state.units import UnitState

SAMPLE = 64  # latest stage runs of a task that its rate is measured on


_OWN = holdings.c.document_id.is_not(None)  # a tenant's, which knows the document as it has said
_KNOWN_YEAR = sa.case((_OWN, holdings.c.year), else_=documents.c.year)


def view(tx: Connection, job_id: str, *, tenant: str | None) -> Job | None:
    rows = tx.execute(jobs.within(_THIS, tenant), {"job": job_id}).all()
    return next(iter(_views(tx, rows)), None)


def views(tx: Connection, wanted: Wanted, limit: int, *, tenant: str | None) -> list[Job]:
    """The newest jobs first."""
    query = jobs.within(_QUERY, tenant)
    if wanted.state is not None:
        query = query.where(table.c.state == wanted.state)
    if wanted.year is not None:
        query = query.where(sa.func.coalesce(_KNOWN_YEAR, table.c.year) == wanted.year)
    if wanted.company is not None:
        query = query.where(_is_of(wanted.company))
    return _views(tx, tx.execute(newest_first(query, table, wanted, limit)).all())


def views_of(tx: Connection, job_ids: Sequence[str]) -> list[Job]:
    """These jobs, in any order, in as many queries as one."""
    return _views(tx, tx.execute(_THESE, {"jobs": job_ids}).all())


def _is_of(company: str) -> sa.ColumnElement[bool]:
    """Whether a job's document is a company's; until it is known, what the sender said."""
    known = sa.case((_OWN, is_of(holdings, company)), else_=is_of(documents, company))
    unknown = sa.and_(table.c.document_id.is_(None), sa.func.lower(table.c.company) == company.lower())
    return sa.or_(known, unknown)


def _query() -> sa.Select[Any]:
    """Jobs, each with its document as whose it is knows it."""
    held = sa.and_(holdings.c.document_id == table.c.document_id, holdings.c.tenant == table.c.tenant)
    return (
        sa.select(
            table,
            runs.c.stage,
            runs.c.pipeline_version,
            sa.case((_OWN, holdings.c.company), else_=documents.c.company).label("known_company"),
            _KNOWN_YEAR.label("known_year"),
        )
        .outerjoin(runs, runs.c.id == table.c.run_id)
        .outerjoin(documents, documents.c.id == table.c.document_id)
        .outerjoin(holdings, held)
    )


_QUERY = _query()
_THESE = _QUERY.where(table.c.id.in_(sa.bindparam("jobs", expanding=True)))
_THIS = _QUERY.where(table.c.id == sa.bindparam("job"))


def _views(tx: Connection, rows: Sequence[Row[Any]]) -> list[Job]:
    prepared = _prepared(tx, rows)
    if not any(row.state in jobs.OPEN for row in rows):
        return [_job(row, prepared[row.id], None) for row in rows]
    rates, crowd = measure(tx), count_crowd(tx)
    return [_job(row, prepared[row.id], _eta(row, prepared[row.id], rates, crowd)) for row in rows]


def _eta(row: Row[Any], prepared: Prepared, rates: Rates, crowd: Crowd) -> float | None:
    if row.state not in jobs.OPEN:
        return None
    return eta_seconds(prepared, Stage(row.stage or Stage.INGEST), rates, crowd)


def _prepared(tx: Connection, rows: Sequence[Row[Any]]) -> dict[str, Prepared]:
    """{job: what stands of its document}."""
    ways = {(row.document_id, row.pipeline_version) for row in rows if row.pipeline_version is not None}
    known = stage_runs.all_prepared(tx, sorted(ways))
    return {row.id: known.get((row.document_id, row.pipeline_version), Prepared()) for row in rows}


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
    return tx.execute(_LATEST, {"done": task}).all()


_LATEST = (
    sa.select(units.c.started_at, units.c.finished_at, units.c.chunks)
    .where(units.c.state == UnitState.DONE, units.c.task == sa.bindparam("done"))
    .order_by(units.c.finished_at.desc())
    .limit(SAMPLE)
)


def _rate(stage: Stage, rows: Sequence[Row[Any]]) -> float | None:
    size = sum(row.chunks for row in rows) if stage is Stage.EMBED else len(rows)
    seconds = sum((row.finished_at - row.started_at).total_seconds() for row in rows)
    return seconds / size if size else None


def count_crowd(tx: Connection) -> Crowd:
    """How many runs share how many busy workers."""
    live, busy = tx.execute(_CROWD).one()
    return Crowd(max(1, live), max(1, busy))


_CROWD = sa.select(
    sa.select(sa.func.count()).where(runs.c.state == RunState.RUNNING).scalar_subquery(),
    sa.select(sa.func.count(sa.distinct(units.c.lease_owner)))
    .where(units.c.state == UnitState.LEASED)
    .scalar_subquery(),
)
