"""A submission: start work, join it, or find it done."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from esg.state import dead_letters, documents, flow, jobs, runs, stage_runs
from esg.state.advance import advance, score_unit
from esg.state.jobs import Request
from esg.state.runs import RunState
from esg.state.schema import jobs as jobs_table
from esg.state.schema import stage_runs as units
from esg.state.units import OPEN, Unit, UnitState


def submit(tx: Connection, request: Request, *, pipeline_version: str, now: datetime) -> None:
    """Write the job and its first stage run; a job id that was accepted before changes nothing."""
    if not jobs.accept(tx, request, now=now):
        return
    if request.document_id is None:
        stage_runs.open_units(tx, [_source_unit(request)], now=now)
    else:
        join(tx, request, request.document_id, pipeline_version=pipeline_version, now=now)


def _source_unit(request: Request) -> Unit:
    args = {"source": request.source, "company": request.company or None, "year": request.year}
    return Unit(flow.SOURCE, request.job_id, args, trace=request.trace)


def join(tx: Connection, request: Request, document_id: str, *, pipeline_version: str, now: datetime) -> None:
    """Let a job wait for its document's run: a new one, one under way, one resumed, or one that is over."""
    is_renamed = documents.know(
        tx,
        document_id,
        tenant=request.tenant,
        source=request.source,
        company=request.company,
        year=request.year,
        now=now,
    )
    run = runs.find(tx, runs.run_id(document_id, pipeline_version, request.lens))
    if is_renamed and run:
        _score_again(tx, run, request.trace, now)
        run = runs.get(tx, run.id)
    if run and not _must_start(run, force=request.force):
        jobs.join(tx, request.job_id, document_id, run.id, is_running=_is_begun(tx, run))
        _take_over(tx, request.job_id, run, now)
        return
    _start(tx, request, document_id, run, pipeline_version, now)


def _must_start(run: Row[Any], *, force: bool) -> bool:
    """What failed or was cancelled is resumed; what was scored or rejected stands unless forced."""
    if run.state in (RunState.FAILED, RunState.CANCELLED):
        return True
    return force and run.state != RunState.RUNNING


def _start(
    tx: Connection,
    request: Request,
    document_id: str,
    old: Row[Any] | None,
    pipeline_version: str,
    now: datetime,
) -> None:
    run_id = runs.start(tx, document_id, pipeline_version, request.lens, trace=request.trace, now=now)
    if request.force and old:
        _forget(tx, old, now)
    known = dead_letters.rejection(tx, document_id, pipeline_version)  # under another rubric
    if known and not request.force:
        runs.finish(tx, [run_id], RunState.REJECTED, now=now, code=known.reason_code, reason=known.reason)
    else:
        advance(tx, document_id, pipeline_version, now=now)
    run = runs.get(tx, run_id)
    jobs.join(tx, request.job_id, document_id, run_id, is_running=_is_begun(tx, run))
    _take_over(tx, request.job_id, run, now)


def _take_over(tx: Connection, job_id: str, run: Row[Any], now: datetime) -> None:
    """A run that is over ends its new job at once."""
    if run.state != RunState.RUNNING:
        jobs.finish(
            tx,
            jobs_table.c.id == job_id,
            run.state,
            now=now,
            code=run.reason_code,
            reason=run.reason,
            reused=True,
        )


def _score_again(tx: Connection, run: Row[Any], trace: str, now: datetime) -> None:
    """Someone said whose report it is: a scorecard with another name, made or in the making, is made anew."""
    if run.state not in (RunState.SCORED, RunState.RUNNING):
        return
    if stage_runs.shut(tx, units.c.id == score_unit(run).id, now=now):
        runs.start(tx, run.document_id, run.pipeline_version, run.rubric, trace=trace, now=now)
        advance(tx, run.document_id, run.pipeline_version, now=now)


def _forget(tx: Connection, run: Row[Any], now: datetime) -> None:
    """Do it all again: every stage run of the document in this version, and this rubric's score."""
    stage_runs.shut(
        tx,
        units.c.subject == run.document_id,
        units.c.pipeline_version == run.pipeline_version,
        units.c.rubric.in_(("", run.rubric)),
        now=now,
    )


def _is_begun(tx: Connection, run: Row[Any]) -> bool:
    """Whether a worker has had any of it."""
    asked = {"document": run.document_id, "version": run.pipeline_version, "lens": run.rubric}
    return tx.execute(_BEGUN, asked).first() is not None


_BEGUN = (
    sa.select(units.c.id)
    .where(
        units.c.subject == sa.bindparam("document"),
        units.c.pipeline_version == sa.bindparam("version"),
        units.c.rubric.in_(("", sa.bindparam("lens"))),
        units.c.state.in_((*OPEN, UnitState.DONE)),
        units.c.attempts > 0,
    )
    .limit(1)
)
