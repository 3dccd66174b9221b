"""Counts and ages for metrics, admission and `esg up`'s screen."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from esg.state.runs import run_of
from esg.state.schema import dead_letters, documents, jobs, runs
from esg.state.schema import stage_runs as units
from esg.state.units import OPEN, Claimed, UnitState

WAITING = (UnitState.PENDING, UnitState.QUEUED)


def stage_counts(tx: Connection) -> dict[str, dict[str, int]]:
    """Stage runs by queue and state; a state without any is left out."""
    rows = tx.execute(
        sa.select(units.c.state, units.c.queue, sa.func.count().label("n")).group_by(
            units.c.state, units.c.queue
        )
    )
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        counts.setdefault(row.queue, {})[row.state] = row.n
    return counts


def backlog(tx: Connection) -> int:
    """Stage runs that are not over."""
    return tx.execute(sa.select(sa.func.count()).where(units.c.state.in_(OPEN))).scalar() or 0


def oldest_seconds(tx: Connection, *, now: datetime) -> dict[str, float]:
    """How long the oldest waiting stage run of each queue has been waiting, since it was opened."""
    rows = tx.execute(
        sa.select(units.c.queue, sa.func.min(units.c.created_at).label("since"))
        .where(units.c.state.in_(WAITING))
        .group_by(units.c.queue)
    )
    return {row.queue: max(0.0, (now - row.since).total_seconds()) for row in rows}


def document_counts(tx: Connection) -> dict[str, int]:
    """Documents by the state of their latest run."""
    rows = tx.execute(
        sa.select(runs.c.state, sa.func.count().label("n"))
        .join(documents, documents.c.run_id == runs.c.id)
        .group_by(runs.c.state)
    )
    return {row.state: row.n for row in rows}


def seconds_to_scorecard(tx: Connection, claimed: Claimed) -> list[float]:
    """How long each job took that a stage run of score has just ended with its scorecard."""
    rows = tx.execute(
        sa.select(jobs.c.created_at, jobs.c.finished_at).where(
            jobs.c.run_id == run_of(claimed),
            jobs.c.state == "scored",
            jobs.c.reused.is_(False),
            jobs.c.finished_at >= claimed.started_at,
        )
    )
    return [(row.finished_at - row.created_at).total_seconds() for row in rows]


def dead_letter_count(tx: Connection) -> int:
    """Dead letters nobody has dealt with."""
    return tx.execute(sa.select(sa.func.count()).where(dead_letters.c.state == "open")).scalar() or 0
