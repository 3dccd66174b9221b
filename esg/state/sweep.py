"""The sweeper's bulk transactions: back-offs that are over and hints that may be lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from esg.state import outbox
from esg.state.schema import stage_runs as units
from esg.state.units import Claimed, UnitState

BATCH = 500  # rows one sweep touches per concern; the next sweep takes the next ones
LONGEST_WAIT_DOUBLINGS = 5  # 30 s becomes at most 16 min


@dataclass(frozen=True, slots=True)
class SweepReport:
    lost: int = 0  # leases that ran out, given to someone else
    poisoned: int = 0  # leases that ran out once too often, set aside
    retried: int = 0  # back-offs that ended
    hinted_again: int = 0  # queued, never claimed, hinted at once more
    taken: tuple[Claimed, ...] = ()  # the attempts that ended with their leases, as they were held


def end_waits(tx: Connection, *, now: datetime) -> int:
    """Make the stage runs pending whose back-off is over."""
    due = sa.and_(units.c.state == UnitState.RETRY_WAIT, units.c.not_before <= now)
    ids = tx.execute(
        sa.select(units.c.id).where(due).limit(BATCH).with_for_update(skip_locked=True, key_share=True)
    ).scalars()
    return tx.execute(
        sa.update(units).where(units.c.id.in_(list(ids)), due).values(state=UnitState.PENDING)
    ).rowcount


def hint_again(tx: Connection, *, after_seconds: float, now: datetime) -> int:
    """Put stage runs into the outbox once more that no worker has claimed for long: their hint may be lost.

    The wait doubles each time, so that a long queue is not filled with doubles.
    """
    overdue = [
        row
        for row in _queued(tx)
        if is_overdue(row.hinted_at, row.hints, after_seconds=after_seconds, now=now)
    ]
    return _put(tx, overdue[:BATCH], hints=units.c.hints + 1, now=now)


def hint_everything(tx: Connection, *, now: datetime) -> int:
    """Put every queued stage run into the outbox: its queues are empty, so the waits begin anew."""
    return _put(tx, _queued(tx), hints=sa.literal(0), now=now)


def _queued(tx: Connection) -> Sequence[Row[Any]]:
    """Read what was hinted at and is not claimed; the depth of the queues bounds it."""
    return tx.execute(
        sa.select(units.c.id, units.c.task, units.c.queue, units.c.trace, units.c.hinted_at, units.c.hints)
        .where(units.c.state == UnitState.QUEUED)
        .order_by(units.c.queue, units.c.turn, units.c.created_at, units.c.id)
    ).all()


def _put(tx: Connection, rows: Sequence[Row[Any]], *, hints: sa.ColumnElement[int], now: datetime) -> int:
    held = _hold(tx, [row.id for row in rows])
    tx.execute(sa.update(units).where(units.c.id.in_(held)).values(hinted_at=now, hints=hints))
    outbox.put(tx, [row for row in rows if row.id in held], now=now)
    return len(held)


def _hold(tx: Connection, ids: list[str]) -> set[str]:
    """Lock what is still queued and nobody else is changing: waiting for many rows is how deadlocks begin."""
    queued = sa.and_(units.c.id.in_(ids), units.c.state == UnitState.QUEUED)
    rows = sa.select(units.c.id).where(queued).with_for_update(skip_locked=True, key_share=True)
    return set(tx.execute(rows).scalars())


def is_overdue(hinted_at: datetime, hints: int, *, after_seconds: float, now: datetime) -> bool:
    """Whether a hint has been out for longer than it should take to be claimed."""
    return now - hinted_at >= timedelta(seconds=after_seconds * 2 ** min(hints, LONGEST_WAIT_DOUBLINGS))
