"""The outbox: stage runs whose turn has come, published as hints once their transaction is committed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from esg.state.schema import Moment
from esg.state.schema import outbox as table
from esg.state.schema import stage_runs as units
from esg.state.units import Hint, UnitState
from esg.state.upsert import upsert

LOW = 0.5  # of a queue's depth: filling it for each task that is taken would cost every task three writes


def _lockable(rows: "sa.Select[Any]") -> "sa.Select[Any]":
    """Leave what somebody else is changing to them: two that wait for rows of each other are a deadlock."""
    return rows.with_for_update(skip_locked=True, key_share=True)


def _forgetting(*conditions: sa.ColumnElement[bool]) -> sa.Delete:
    rows = sa.select(table.c.id).where(*conditions).with_for_update(skip_locked=True)
    return sa.delete(table).where(table.c.id.in_(rows))


# Built once: every task runs these, and building them anew took longer than the database.
_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_NOW = sa.bindparam("moment", type_=Moment())
_PENDING = _lockable(
    sa.select(units.c.id, units.c.task, units.c.queue, units.c.trace)
    .where(units.c.state == UnitState.PENDING, units.c.queue == sa.bindparam("of"))
    .order_by(units.c.turn, units.c.created_at, units.c.id)
    .limit(sa.bindparam("room"))
)
_QUEUE = (
    sa.update(units)
    .where(units.c.id.in_(_IDS), units.c.state == UnitState.PENDING)
    .values(state=UnitState.QUEUED, enqueued_at=sa.func.coalesce(units.c.enqueued_at, _NOW), hinted_at=_NOW)
)
_FREE = _lockable(
    sa.select(table)
    .where(sa.or_(table.c.taken_until.is_(None), table.c.taken_until < _NOW))
    .order_by(table.c.id)
    .limit(sa.bindparam("most"))
)
_TAKE = sa.update(table).where(table.c.id.in_(_IDS)).values(taken_until=sa.bindparam("until", type_=Moment()))
_FORGET = _forgetting(table.c.id.in_(_IDS))
_FORGET_TAKEN = _forgetting(table.c.stage_run_id.in_(_IDS), table.c.taken_until.is_not(None))


def dispatch(tx: Connection, depth: Mapping[str, int], *, now: datetime, low: float = 1.0) -> int:
    """Queue pending stage runs, round-robin over runs, up to `depth` hints per queue; returns how many.

    With `low`, a share of the depth, only where no more hints than that are out.
    """
    waiting = tx.execute(_waiting(tuple(sorted(depth)))).tuples().all()
    return sum(_fill(tx, of, depth[of] - out, now) for of, out in waiting if out <= low * depth[of])


@cache
def _waiting(queues: Sequence[str]) -> sa.CompoundSelect[tuple[str, int]]:
    """Those of the queues that stage runs are pending for, each with how many of its hints are out.

    One statement whose cost is that of the hints which are out, however long the backlog is.
    """
    return sa.union_all(*map(_waiting_for, queues))


def _waiting_for(queue: str) -> sa.Select[tuple[str, int]]:
    here = units.c.queue == queue
    out = sa.select(sa.func.count()).select_from(units).where(units.c.state == UnitState.QUEUED, here)
    pending = sa.exists().where(units.c.state == UnitState.PENDING, here)
    return sa.select(sa.literal(queue), out.scalar_subquery()).where(pending)


def _fill(tx: Connection, queue: str, room: int, now: datetime) -> int:
    rows = tx.execute(_PENDING, {"of": queue, "room": room}).all() if room > 0 else ()
    if rows:
        tx.execute(_QUEUE, {"ids": [row.id for row in rows], "moment": now})
        put(tx, rows, now=now)
    return len(rows)


def refill(
    tx: Connection, depth: Mapping[str, int], limit: int, *, seconds: float, now: datetime
) -> list[Hint]:
    """Fill the queues that ran half empty, and take hints to publish; nothing is looked for but what is new.

    What every task does in the transaction of its end: a queue that is half full has work for all who wait.
    """
    return take(tx, limit, seconds=seconds, now=now) if dispatch(tx, depth, now=now, low=LOW) else []


def put(tx: Connection, rows: Sequence[Row[Any]], *, now: datetime) -> None:
    """Ask for a hint for each stage run; one that waits to be published already serves.

    One that was taken does not: it may have been published before the broker lost it, or its stage run was
    claimed since, and its taker is about to forget it.
    """
    tx.execute(_FORGET_TAKEN, {"ids": [row.id for row in rows]})
    hints = [
        {"stage_run_id": row.id, "task": row.task, "queue": row.queue, "trace": row.trace, "created_at": now}
        for row in rows
    ]
    upsert(tx, table, hints, key=["stage_run_id"])


def take(tx: Connection, limit: int, *, seconds: float, now: datetime) -> list[Hint]:
    """Take hints to publish; what its taker did not mark published comes back after `seconds`."""
    rows = tx.execute(_FREE, {"moment": now, "most": limit}).all()
    if rows:
        tx.execute(_TAKE, {"ids": [row.id for row in rows], "until": now + timedelta(seconds=seconds)})
    return [Hint(row.id, row.stage_run_id, row.task, row.queue, row.trace) for row in rows]


def put_back(tx: Connection, hints: Iterable[Hint]) -> None:
    """Offer hints again that their taker could not publish."""
    tx.execute(_TAKE, {"ids": [hint.id for hint in hints], "until": None})


def mark_published(tx: Connection, hints: Iterable[Hint]) -> None:
    """Forget hints that are with the broker. A crash before this only publishes them twice."""
    tx.execute(_FORGET, {"ids": [hint.id for hint in hints]})


def lag_seconds(tx: Connection, *, now: datetime) -> float:
    """The age of the oldest hint that is not published."""
    oldest = tx.execute(sa.select(sa.func.min(table.c.created_at))).scalar()
    return max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
