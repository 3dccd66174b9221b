"""Change of mind: retry what is dead, cancel what is wanted no more."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from esg.errors import Rejected
from esg.state import documents, jobs, refusals, runs, stage_runs
from esg.state.advance import advance, score_unit
from esg.state.dead_letters import DeadLetter
from esg.state.runs import RunState
from esg.state.schema import jobs as jobs_table
from esg.state.schema import runs as runs_table
from esg.state.schema import stage_runs as units
from esg.state.units import Unit, UnitState


def retry(tx: Connection, letter: DeadLetter, *, now: datetime) -> None:
    """Open a dead stage run again, and with it the runs and jobs it brought down."""
    if letter.document_id:
        documents.lock(tx, letter.document_id)
    row = stage_runs.find(tx, letter.id)
    if letter.task == refusals.TASK:
        raise Rejected(
            "A message that was refused is not kept, so it cannot be tried again.",
            code="not_retriable",
            next_step="Have it sent again, then put this away with `esg dlq drop`.",
        )
    if letter.state != "open" or row is None or row.state != UnitState.DEAD:
        raise Rejected(
            "This dead letter is not open any more.",
            code="not_open",
            next_step="List the open ones with `esg dlq list`.",
        )
    if letter.document_id is None:
        stage_runs.open_units(tx, [_same(row)], now=now)
        jobs.reopen(tx, jobs_table.c.id == row.subject)
    else:
        _resume(tx, row, now)


def _resume(tx: Connection, row: Row[Any], now: datetime) -> None:
    ended = sa.select(runs_table).where(
        runs_table.c.document_id == row.document_id,
        runs_table.c.pipeline_version == row.pipeline_version,
        runs_table.c.state.in_((RunState.FAILED, RunState.REJECTED)),
    )
    if row.rubric:
        ended = ended.where(runs_table.c.rubric == row.rubric)
    for run in tx.execute(ended).all():
        runs.start(tx, run.document_id, run.pipeline_version, run.rubric, trace=run.trace, now=now)
        jobs.reopen(tx, jobs.of_runs([run.id]))
    advance(tx, row.document_id, row.pipeline_version, now=now)


def _same(row: Row[Any]) -> Unit:
    return Unit(
        row.task,
        row.subject,
        row.args,
        pipeline_version=row.pipeline_version,
        rubric=row.rubric,
        batch=row.batch,
        run_id=row.run_id,
        trace=row.trace,
        on_queue=row.queue,
    )


def cancel(tx: Connection, job_id: str, *, tenant: str | None, now: datetime) -> bool:
    """Cancel a job, and its run when no other job waits for it; False: it moved on meanwhile, ask again.

    A job whose document is unknown is cancelled through its stage run, so that it cannot join a run.
    """
    job = jobs.find(tx, job_id, tenant=tenant)
    if job is None:
        raise jobs.missing(job_id)
    if job.state in jobs.TERMINAL:
        return True
    if job.run_id is None:
        return _cancel_source(tx, job_id, now)
    documents.lock(tx, job.document_id)
    run = runs.find(tx, job.run_id)
    if run is not None and run.state == RunState.RUNNING and jobs.open_on(tx, run.id) == [job_id]:
        _cancel_run(tx, run, now)
    jobs.finish(tx, jobs_table.c.id == job_id, RunState.CANCELLED, now=now)
    return True


def _cancel_source(tx: Connection, job_id: str, now: datetime) -> bool:
    is_ours = bool(stage_runs.cancel(tx, units.c.subject == job_id, now=now))
    if is_ours:
        jobs.finish(tx, jobs_table.c.id == job_id, RunState.CANCELLED, now=now)
    return is_ours


def _cancel_run(tx: Connection, run: Row[Any], now: datetime) -> None:
    runs.finish(tx, [run.id], RunState.CANCELLED, now=now)
    own = [units.c.id == score_unit(run).id]
    shared = [
        units.c.subject == run.document_id,
        units.c.pipeline_version == run.pipeline_version,
    ]
    is_wanted = bool(runs.running(tx, run.document_id, run.pipeline_version))
    stage_runs.cancel(tx, *(own if is_wanted else shared), now=now)
