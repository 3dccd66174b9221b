"""Schedule: one winner per schedule and slot, however many beats tick (FLEET §6.9)."""

from datetime import datetime

from sqlalchemy.engine import Connection

from esg.state.schema import schedule_fires as table
from esg.state.upsert import insert


def fire(tx: Connection, schedule: str, slot: datetime, *, now: datetime) -> bool:
    """Whether the caller is the first to fire this slot."""
    row = insert(tx, table).values(schedule=schedule, slot=slot, fired_at=now)
    return tx.execute(row.on_conflict_do_nothing()).rowcount == 1
