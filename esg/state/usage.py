"""What was asked of paid services and what it cost: one row by day, run and model."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from esg.budget import Spend
from esg.state.schema import usage as table
from esg.state.upsert import upsert

LOCK = 0x657368  # "esh": PostgreSQL's advisory lock of budgets; SQLite has one writer anyway


@dataclass(frozen=True, slots=True)
class Usage:
    """`micros` are millionths of a US dollar; estimates of requests under way are in it."""

    day: str
    run: str
    model: str
    requests: int
    tokens_read: int
    tokens_written: int
    micros: int


def reserve(tx: Connection, spend: Spend, *, run_micros: int | None, day_micros: int | None) -> str:
    """Add a request and its estimate; give "run" or "day", and add nothing, where that budget has no room."""
    if tx.dialect.name == "postgresql":
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    if run_micros is not None and _spent(tx, table.c.run == spend.run) + spend.micros > run_micros:
        return "run"
    if day_micros is not None and _spent(tx, table.c.day == spend.day) + spend.micros > day_micros:
        return "day"
    _add(tx, spend, requests=1, read=spend.read, written=spend.written, micros=spend.micros)
    return ""


def settle(tx: Connection, estimate: Spend, actual: Spend) -> None:
    """Put what was spent in the place of its estimate."""
    _add(
        tx,
        estimate,
        requests=0,
        read=actual.read - estimate.read,
        written=actual.written - estimate.written,
        micros=actual.micros - estimate.micros,
    )


def find_all(tx: Connection, *, day: str | None, run: str | None) -> list[Usage]:
    """Every row, of one day or run where given; the newest day first."""
    query = sa.select(table).order_by(table.c.day.desc(), table.c.run, table.c.model)
    if day is not None:
        query = query.where(table.c.day == day)
    if run is not None:
        query = query.where(table.c.run == run)
    return [Usage(**row._asdict()) for row in tx.execute(query)]


def _spent(tx: Connection, condition: sa.ColumnElement[bool]) -> int:
    return int(tx.execute(sa.select(sa.func.sum(table.c.micros)).where(condition)).scalar() or 0)


def _add(tx: Connection, spend: Spend, *, requests: int, read: int, written: int, micros: int) -> None:
    keys = {"day": spend.day, "run": spend.run, "model": spend.model}
    sums = {"requests": requests, "tokens_read": read, "tokens_written": written, "micros": micros}
    upsert(tx, table, keys | sums, key=keys, add=sums)
