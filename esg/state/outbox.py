"""The outbox: stage runs whose turn has come, published as hints once their transaction is committed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from esg.state.schema import outbox as table
from esg.state.schema import stage_runs as units
from esg.state.units import Hint, UnitState
from esg.state.upsert import upsert


def dispatch(tx: Connection, depth: Mapping[str, int], *, now: datetime) -> int:
    """Queue pending stage runs, round-robin over runs, up to `depth` hints per queue; returns how many."""
    return sum(_fill(tx, queue, limit, now) for queue, limit in sorted(depth.items()))


def _fill(tx: Connection, queue: str, limit: int, now: datetime) -> int:
    out = sa.select(sa.func.count()).where(units.c.state == UnitState.QUEUED, units.c.queue == queue)
    room = limit - (tx.execute(out).scalar() or 0)
    if room <= 0:
        return 0
    rows = tx.execute(
        sa.select(units.c.id, units.c.task, units.c.queue, units.c.trace)
        .where(units.c.state == UnitState.PENDING, units.c.queue == queue)
        .order_by(units.c.turn, units.c.created_at, units.c.id)
        .limit(room)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    tx.execute(
        sa.update(units)
        .where(units.c.id.in_([row.id for row in rows]), units.c.state == UnitState.PENDING)
        .values(state=UnitState.QUEUED, enqueued_at=sa.func.coalesce(units.c.enqueued_at, now), hinted_at=now)
    )
    put(tx, rows, now=now)
    return len(rows)


def put(tx: Connection, rows: Sequence[Row[Any]], *, now: datetime) -> None:
    """Ask for a hint for each stage run; one that waits to be published already serves.

    One that was taken does not: it may have been published before the broker lost it, or its stage run was
    claimed since, and its taker is about to forget it.
    """
    _forget(tx, table.c.stage_run_id.in_([row.id for row in rows]), table.c.taken_until.is_not(None))
    hints = [
        {"stage_run_id": row.id, "task": row.task, "queue": row.queue, "trace": row.trace, "created_at": now}
        for row in rows
    ]
    upsert(tx, table, hints, key=["stage_run_id"])


def take(tx: Connection, limit: int, *, seconds: float, now: datetime) -> list[Hint]:
    """Take hints to publish; what its taker did not mark published comes back after `seconds`."""
    is_free = sa.or_(table.c.taken_until.is_(None), table.c.taken_until < now)
    rows = tx.execute(
        sa.select(table)
        .where(is_free)
        .order_by(table.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    ids = [row.id for row in rows]
    tx.execute(
        sa.update(table).where(table.c.id.in_(ids)).values(taken_until=now + timedelta(seconds=seconds))
    )
    return [Hint(row.id, row.stage_run_id, row.task, row.queue, row.trace) for row in rows]


def put_back(tx: Connection, hints: Iterable[Hint]) -> None:
    """Offer hints again that their taker could not publish."""
    ids = [hint.id for hint in hints]
    tx.execute(sa.update(table).where(table.c.id.in_(ids)).values(taken_until=None))


def mark_published(tx: Connection, hints: Iterable[Hint]) -> None:
    """Forget hints that are with the broker. A crash before this only publishes them twice."""
    _forget(tx, table.c.id.in_([hint.id for hint in hints]))


def _forget(tx: Connection, *conditions: sa.ColumnElement[bool]) -> None:
    """Delete hints that nobody else is changing: two that wait for rows of each other are a deadlock."""
    rows = sa.select(table.c.id).where(*conditions).with_for_update(skip_locked=True)
    tx.execute(sa.delete(table).where(table.c.id.in_(rows)))


def lag_seconds(tx: Connection, *, now: datetime) -> float:
    """The age of the oldest hint that is not published."""
    oldest = tx.execute(sa.select(sa.func.min(table.c.created_at))).scalar()
    return max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
