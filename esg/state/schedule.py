"""Schedule: one winner per entry and slot, however many beats tick (FLEET §6.9), and what became of it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from esg.state import stage_runs
from esg.state.schema import schedule_fires as table
from esg.state.schema import stage_runs as units
from esg.state.units import OPEN, Unit, UnitState
from esg.state.upsert import upsert


@dataclass(frozen=True, slots=True)
class Fired:
    """The newest slot of an entry that was fired, the state of its stage run, and the last success of any."""

    slot: datetime
    fired_at: datetime
    state: str
    succeeded_at: datetime | None


def fire(tx: Connection, schedule: str, slot: datetime, unit: Unit | None, *, now: datetime) -> bool:
    """Whether the caller is the first to fire this slot; the stage run it opens is the lock of the next."""
    if _is_running(tx, schedule):
        return False
    opened = unit.id if unit else None
    row = {"schedule": schedule, "slot": slot, "fired_at": now, "stage_run_id": opened}
    if upsert(tx, table, row) != 1:
        return False
    if unit:
        stage_runs.open_units(tx, [unit], now=now)
    return True


def _is_running(tx: Connection, schedule: str) -> bool:
    """Whether what an earlier slot opened is not over."""
    running = (
        sa.select(units.c.id)
        .join(table, table.c.stage_run_id == units.c.id)
        .where(table.c.schedule == schedule, units.c.state.in_(OPEN))
    )
    return tx.execute(running.limit(1)).first() is not None


def find_all(tx: Connection, *, now: datetime) -> dict[str, Fired]:
    """What is known of each entry that ever fired, but for slots that a clock which was ahead has fired."""
    newest = sa.select(table.c.schedule, sa.func.max(table.c.slot).label("slot")).where(table.c.slot <= now)
    last = newest.group_by(table.c.schedule).subquery()
    rows = tx.execute(
        sa.select(table, units.c.state)
        .join(last, sa.and_(last.c.schedule == table.c.schedule, last.c.slot == table.c.slot))
        .outerjoin(units, units.c.id == table.c.stage_run_id)
    ).all()
    finished = sa.func.max(units.c.finished_at).label("finished_at")
    succeeded = (
        sa.select(table.c.schedule, finished)
        .join(units, units.c.id == table.c.stage_run_id)
        .where(units.c.state == UnitState.DONE)
        .group_by(table.c.schedule)
    )
    ends = {row.schedule: row.finished_at for row in tx.execute(succeeded)}
    return {
        row.schedule: Fired(row.slot, row.fired_at, row.state or "", ends.get(row.schedule)) for row in rows
    }
