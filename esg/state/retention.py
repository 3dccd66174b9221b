"""Retention: what is over and old enough is forgotten; documents and what counts now never are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from esg.state import flow
from esg.state.jobs import TERMINAL
from esg.state.lens import parts
from esg.state.schema import (
    company_years,
    dead_letters,
    jobs,
    outbox,
    schedule_fires,
    scorecards,
    stage_runs,
)
from esg.state.units import SHUT, UnitState

OVER = (*SHUT, UnitState.DONE)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows were deleted, or would be; `keys` are of scorecards in the lake that no row names now."""

    jobs: int = 0
    stage_runs: int = 0
    dead_letters: int = 0
    fires: int = 0
    scorecards: int = 0
    keys: tuple[str, ...] = ()


def forget(
    tx: Connection,
    *,
    before: datetime | None,
    scorecards_before: datetime | None,
    pipeline_version: str,
    rubric: str,
) -> Forgotten:
    """Delete what ended before one moment, and superseded scorecards of before another; None keeps all."""
    counts = _forget_work(tx, before, pipeline_version) if before else {}
    old = _superseded(tx, scorecards_before, rubric) if scorecards_before else []
    for table, row in old:
        keys = (column == getattr(row, column.name) for column in table.primary_key)
        tx.execute(sa.delete(table).where(*keys))
    return Forgotten(**counts, scorecards=len(old), keys=_unnamed(tx, {row.key for _, row in old}))


def _forget_work(tx: Connection, before: datetime, pipeline_version: str) -> dict[str, int]:
    """In this order: a stage run stays as long as a dead letter, a hint or the schedule points to it."""
    dealt_with = sa.and_(dead_letters.c.state != "open", dead_letters.c.last_seen < before)
    ended = sa.and_(jobs.c.state.in_(TERMINAL), jobs.c.finished_at < before)
    return {
        "dead_letters": tx.execute(sa.delete(dead_letters).where(dealt_with)).rowcount,
        "jobs": tx.execute(sa.delete(jobs).where(ended)).rowcount,
        "fires": tx.execute(sa.delete(schedule_fires).where(*_old_fires(before))).rowcount,
        "stage_runs": tx.execute(sa.delete(stage_runs).where(*_old_work(before, pipeline_version))).rowcount,
    }


def _old_fires(before: datetime) -> Iterable[sa.ColumnElement[bool]]:
    """Slots that are neither the newest of their entry nor its last success."""
    every = schedule_fires.alias()
    done = sa.select(stage_runs.c.id).where(stage_runs.c.state == UnitState.DONE)
    newest = sa.select(sa.func.max(every.c.slot)).where(every.c.schedule == schedule_fires.c.schedule)
    for kept in (newest, newest.where(every.c.stage_run_id.in_(done))):
        yield schedule_fires.c.slot != sa.func.coalesce(
            kept.correlate(schedule_fires).scalar_subquery(), schedule_fires.c.fired_at
        )
    yield schedule_fires.c.fired_at < before


def _old_work(before: datetime, pipeline_version: str) -> Iterable[sa.ColumnElement[bool]]:
    """Of another version, or outside the flow: these rows are how this version knows what it has done."""
    table = stage_runs.c
    yield table.state.in_(OVER)
    yield sa.func.coalesce(table.finished_at, table.created_at) < before
    is_outside = sa.and_(table.pipeline_version == "", table.task.not_in(flow.TASKS.values()))
    yield sa.or_(is_outside, table.pipeline_version.not_in(("", pipeline_version)))
    for pointing in (dead_letters.c.stage_run_id, outbox.c.stage_run_id, schedule_fires.c.stage_run_id):
        yield table.id.not_in(sa.select(pointing).where(pointing.is_not(None)))


def _superseded(tx: Connection, before: datetime, rubric: str) -> Sequence[tuple[sa.Table, Row[Any]]]:
    """Scorecards after which another was made of the same subject by the same rubric, whatever its version.

    The newest by the `rubric` in use stays, though it may be older than one by another version of it.
    """
    old = list[tuple[sa.Table, Row[Any]]]()
    subjects = {
        scorecards: (scorecards.c.document_id,),
        company_years: (company_years.c.company_slug, company_years.c.year),
    }
    for table, columns in subjects.items():
        current = set[tuple[object, ...]]()
        newest_first = sa.select(table).order_by(table.c.created_at.desc(), table.c.pipeline_version)
        for row in tx.execute(newest_first):
            subject = tuple(getattr(row, column.name) for column in columns)
            counts = {(*subject, row.rubric.rpartition("@")[0])}
            if parts(row.rubric).rubric == rubric:
                counts.add((*subject, row.rubric))
            if counts <= current and row.created_at < before:
                old.append((table, row))
            current |= counts
    return old


def _unnamed(tx: Connection, keys: set[str]) -> tuple[str, ...]:
    for table in (scorecards, company_years):
        keys = keys - set(tx.execute(sa.select(table.c.key).where(table.c.key.in_(keys))).scalars())
    return tuple(sorted(keys))
