"""Dead letters: stage runs set aside, with the reason, to be looked at, tried again or dropped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from esg.state.retry import Quarantine
from esg.state.schema import dead_letters as table
from esg.state.schema import stage_runs as units
from esg.state.units import Claimed, Scalar, UnitState
from esg.state.upsert import upsert

EVERY = "all"  # states


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """`id` is the stage run's. `kind` is rejected (the document is to blame) or failed (the engine)."""

    id: str
    state: str  # open, retried, dropped
    kind: str
    reason_code: str
    reason: str
    task: str
    stage: str
    subject: str
    document_id: str | None
    args: Mapping[str, Scalar]
    trace: str
    traceback: str
    worker: str
    attempts: int
    times: int
    first_seen: datetime
    last_seen: datetime


def bury(tx: Connection, claimed: Claimed, decision: Quarantine, *, traceback: str, now: datetime) -> None:
    """Write a dead letter, or renew the one this stage run left before."""
    fresh = {
        "state": "open",
        "kind": "rejected" if decision.is_rejected else "failed",
        "reason_code": decision.code,
        "reason": decision.message,
        "args": dict(claimed.args),
        "traceback": traceback,
        "worker": claimed.owner,
        "attempts": claimed.attempts,
        "last_seen": now,
    }
    row = {
        "stage_run_id": claimed.id,
        "task": claimed.task,
        "stage": claimed.stage,
        "subject": claimed.subject,
        "document_id": claimed.document_id,
        "trace": claimed.trace,
        "first_seen": now,
        "times": 1,
    }
    upsert(tx, table, row | fresh, key=["stage_run_id"], update=fresh, add=["times"])


def rejection(tx: Connection, document_id: str, pipeline_version: str) -> Row[Any] | None:
    """Why this document cannot be prepared at all, if that is known: it holds for every rubric."""
    return tx.execute(_REJECTION, {"document": document_id, "version": pipeline_version}).one_or_none()


_DEAD = sa.select(units.c.id).where(
    units.c.subject == sa.bindparam("document"),
    units.c.pipeline_version == sa.bindparam("version"),
    units.c.rubric == "",
    units.c.state == UnitState.DEAD,
)
_REJECTION = (
    sa.select(table.c.reason_code, table.c.reason)
    .where(table.c.stage_run_id.in_(_DEAD), table.c.kind == "rejected")
    .order_by(table.c.last_seen)
    .limit(1)
)


def find(tx: Connection, letter_id: str) -> DeadLetter | None:
    row = tx.execute(sa.select(table).where(table.c.stage_run_id == letter_id)).one_or_none()
    return _letter(row) if row else None


def find_all(tx: Connection, *, state: str, limit: int) -> list[DeadLetter]:
    """The newest first, of one state or, for "all", of any."""
    rows = tx.execute(
        sa.select(table)
        .where(sa.true() if state == EVERY else table.c.state == state)
        .order_by(table.c.last_seen.desc(), table.c.stage_run_id)
        .limit(limit)
    )
    return [_letter(row) for row in rows]


def drop(tx: Connection, letter_id: str) -> None:
    """Put a dead letter away; what it was about stays as it ended."""
    tx.execute(
        sa.update(table)
        .where(table.c.stage_run_id == letter_id, table.c.state == "open")
        .values(state="dropped")
    )


def _letter(row: Row[Any]) -> DeadLetter:
    values = row._asdict()
    return DeadLetter(id=values.pop("stage_run_id"), **values)
