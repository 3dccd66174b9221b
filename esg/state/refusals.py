"""Messages that were refused: each a dead letter, with what is known of it and nothing of what it said.

A dead letter belongs to a stage run, so one is written that was dead from the beginning. It is no stage run
that a message names: whoever can send messages could end any.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from esg.state import stage_runs
from esg.state.schema import dead_letters
from esg.state.schema import stage_runs as units
from esg.state.units import Scalar, Unit, UnitState, queue_of
from esg.state.upsert import upsert

TASK = "control.message"  # no task is called so: nothing is to be done about it
MOST = 1000  # open letters about messages; who floods a queue must not fill the database


@dataclass(frozen=True, slots=True)
class Refusal:
    """A message that is not done, why, and by which worker; `digest` tells it from others."""

    task: str
    message_id: str
    digest: str
    size_bytes: int
    code: str
    reason: str
    worker: str


def bury(tx: Connection, refusal: Refusal, *, now: datetime) -> bool:
    """Write a dead letter, or count one more of the same; False where there are too many already."""
    unit = _unit(refusal)
    is_known = stage_runs.find(tx, unit.id) is not None
    if not is_known and _count(tx) >= MOST:
        return False
    row = stage_runs.row(unit, 0, now) | {"state": UnitState.DEAD, "finished_at": now}
    upsert(tx, units, row, key=["id"])
    fresh = {"state": "open", "worker": refusal.worker, "last_seen": now}
    letter = {
        "stage_run_id": unit.id,
        "kind": "rejected",
        "reason_code": refusal.code,
        "reason": refusal.reason,
        "task": unit.task,
        "stage": queue_of(unit.task),
        "subject": unit.subject,
        "args": dict(unit.args),
        "attempts": 0,
        "first_seen": now,
        "times": 1,
    }
    upsert(tx, dead_letters, letter | fresh, key=["stage_run_id"], update=fresh, add=["times"])
    return True


def _unit(refusal: Refusal) -> Unit:
    said: dict[str, Scalar] = {
        "task": refusal.task,
        "id": refusal.message_id,
        "sha256": refusal.digest,
        "bytes": refusal.size_bytes,
    }
    known = "\n".join((refusal.code, refusal.task, refusal.message_id, refusal.digest))
    return Unit(TASK, hashlib.sha256(known.encode("utf-8", "replace")).hexdigest(), said)


def _count(tx: Connection) -> int:
    is_open = sa.and_(dead_letters.c.task == TASK, dead_letters.c.state == "open")
    return tx.execute(sa.select(sa.func.count()).where(is_open)).scalar_one()
