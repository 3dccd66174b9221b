"""Open whatever is due next for a document: called after every change, so no step hangs on one event."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection, Row

from esg.state import documents, flow, runs, stage_runs
from esg.state.flow import Prepared, Stage
from esg.state.lens import parts
from esg.state.units import Scalar, Unit

NOTHING: Mapping[str, Scalar] = {}


def advance(tx: Connection, document_id: str, pipeline_version: str, *, now: datetime) -> None:
    """Open the stage runs that are due; the caller holds the document's row, so each is opened once."""
    waiting = runs.running(tx, document_id, pipeline_version)
    if not waiting:
        return
    prepared = stage_runs.prepared(tx, document_id, pipeline_version)
    stage = flow.due(prepared)
    runs.enter(tx, [run.id for run in waiting], stage)
    stage_runs.open_units(tx, _units(tx, stage, prepared, waiting), now=now)


def _units(tx: Connection, stage: Stage, prepared: Prepared, waiting: Sequence[Row[Any]]) -> list[Unit]:
    match stage:
        case Stage.INGEST:
            return [_unit(flow.INGEST, waiting[0], 0, _identity(tx, waiting[0].document_id))]
        case Stage.EMBED if prepared.batches_alive == prepared.batches:
            return []
        case Stage.EMBED:
            return [_batch(waiting[0], batch) for batch in range(prepared.batches)]
        case Stage.SCORE:
            return [score_unit(run) for run in waiting]
        case _:
            return [_unit(flow.TASKS[stage], waiting[0])]


def score_unit(run: Row[Any]) -> Unit:
    """The one stage run that belongs to a run alone; all before it serves every rubric."""
    rubric, tenant = parts(run.rubric)
    args = {"document_id": run.document_id, "rubric": rubric} | ({"tenant": tenant} if tenant else {})
    return Unit(
        flow.SCORE,
        run.document_id,
        args,
        pipeline_version=run.pipeline_version,
        rubric=run.rubric,
        document_id=run.document_id,
        run_id=run.id,
        trace=run.trace,
    )


def _batch(run: Row[Any], batch: int) -> Unit:
    return _unit(flow.EMBED, run, batch, {"batch": batch})


def _unit(task: str, run: Row[Any], batch: int = 0, args: Mapping[str, Scalar] = NOTHING) -> Unit:
    return Unit(
        task,
        run.document_id,
        {"document_id": run.document_id, **args},
        pipeline_version=run.pipeline_version,
        batch=batch,
        document_id=run.document_id,
        run_id=run.id,
        trace=run.trace,
    )


def _identity(tx: Connection, document_id: str) -> dict[str, Scalar]:
    """What the operator gave of source, company and year; the rest is for ingest to read.

    A tenant's words are its own: not even a file's name may hint at what everyone will find was read.
    """
    row = documents.lock(tx, document_id)
    given = documents.given(row)
    source = row.source if documents.is_operators(row) else ""
    return {"source": source, "company": given.company or None, "year": given.year}
