"""Moments that a clock wrote which was ahead and has been put right: without this they would be waited for.

A machine that starts with a wrong date, a host whose time was set by an hour: leases of workers that died
then would hold until the true time has come that far, and so would back-offs and the patience with hints.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from esg.state.schema import outbox
from esg.state.schema import stage_runs as units
from esg.state.units import UnitState

MARGIN = 2  # times what a right clock writes: clocks of hosts differ a little


def bring_back(tx: Connection, *, lease_seconds: float, take_seconds: float, now: datetime) -> int:
    """Let what is too far ahead begin now; returns how many rows. Who lives and holds a lease keeps it."""
    lease, take = timedelta(seconds=lease_seconds), timedelta(seconds=take_seconds)
    far = now + MARGIN * lease
    wrong = (
        (units, units.c.state == UnitState.LEASED, units.c.lease_until > far, {"lease_until": now + lease}),
        (units, units.c.state == UnitState.RETRY_WAIT, units.c.started_at > far, {"not_before": now}),
        (units, units.c.state == UnitState.QUEUED, units.c.hinted_at > far, {"hinted_at": now}),
        (outbox, sa.true(), outbox.c.taken_until > now + MARGIN * take, {"taken_until": now + take}),
    )
    return sum(_bring(tx, table, sa.and_(*about), values) for table, *about, values in wrong)


def _bring(
    tx: Connection, table: sa.Table, wrong: sa.ColumnElement[bool], values: dict[str, datetime]
) -> int:
    """Change what nobody else is changing: the next sweep takes the rest."""
    rows = sa.select(table.c.id).where(wrong).with_for_update(skip_locked=True, key_share=True)
    ids = list(tx.execute(rows).scalars())
    if ids:
        tx.execute(sa.update(table).where(table.c.id.in_(ids), wrong).values(values))
    return len(ids)
