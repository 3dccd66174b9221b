"""The rows of `stage_runs`: opened, claimed, extended, closed; a holder writes behind its epoch."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from esg.state import flow
from esg.state.schema import dead_letters
from esg.state.schema import stage_runs as table
from esg.state.units import OPEN, SHUT, Claimed, Fence, Unit, UnitState, queue_of
from esg.state.upsert import upsert

FRESH: dict[str, Any] = {  # what opening a unit again wipes; `epoch` only ever grows
    "state": UnitState.PENDING,
    "attempts": 0,
    "retries": 0,
    "lost": 0,
    "away_since": None,
    "not_before": None,
    "lease_owner": "",
    "lease_until": None,
    "hinted_at": None,
    "hints": 0,
    "error_code": "",
    "error": "",
    "traceback": "",
    "started_at": None,
    "finished_at": None,
    "enqueued_at": None,
}

AGAIN = ("args", "run_id", "turn", "created_at", *FRESH)
WAITING = (UnitState.PENDING, UnitState.QUEUED)
SERVED = (UnitState.QUEUED, UnitState.LEASED)
IS_SHUT = sa.or_(*(table.c.state == state for state in SHUT))  # executemany cannot expand an IN
IS_CLOSED = sa.or_(IS_SHUT, table.c.state == UnitState.DONE)


def open_units(tx: Connection, units: Sequence[Unit], *, now: datetime, reopen_done: bool = False) -> None:
    """Insert what is missing, open again what is dead or cancelled, leave what is open or done.

    With `reopen_done` what is done is opened again, too: a task that looks for work may find some now.
    """
    closed = IS_CLOSED if reopen_done else IS_SHUT
    for queue in sorted({unit.queue for unit in units}):
        _open(tx, [unit for unit in units if unit.queue == queue], _turn(tx, queue), closed, now)


def _open(
    tx: Connection, units: Sequence[Unit], turn: int, closed: sa.ColumnElement[bool], now: datetime
) -> None:
    rows = [row(unit, turn + place, now) for place, unit in enumerate(units)]
    upsert(tx, table, rows, key=["id"], update=AGAIN, where=closed)
    tx.execute(_RETRIED, {"opened": [unit.id for unit in units]})


_RETRIED = (
    sa.update(dead_letters)
    .where(
        dead_letters.c.stage_run_id.in_(sa.bindparam("opened", expanding=True)),
        dead_letters.c.state == "open",
    )
    .values(state="retried")
)


def row(unit: Unit, turn: int, now: datetime) -> dict[str, Any]:
    """A fresh row; `turn` is its place in its queue."""
    return {
        **FRESH,
        "id": unit.id,
        "task": unit.task,
        "queue": unit.queue,
        "subject": unit.subject,
        "pipeline_version": unit.pipeline_version,
        "rubric": unit.rubric,
        "batch": unit.batch,
        "document_id": unit.document_id,
        "run_id": unit.run_id,
        "args": dict(unit.args),
        "trace": unit.trace,
        "turn": turn,
        "created_at": now,
    }


def _turn(tx: Connection, queue: str) -> int:
    """The round after the one being served: a newcomer's n-th unit waits beside the n-th next of every run.

    Start-time fair queueing (Goyal, Vin, Cheng 1996): two pages do not starve behind five hundred. Joining
    the next round, not this one, lets every round end, so the five hundred do not starve behind newcomers.
    """
    rounds: int = tx.execute(_ROUNDS, {"queue": queue}).scalar_one()
    return rounds + 1


def _rounds() -> sa.Select[Any]:
    is_here = table.c.queue == sa.bindparam("queue")
    served = sa.select(sa.func.max(table.c.turn)).where(table.c.state.in_(SERVED), is_here)
    waiting = sa.select(sa.func.min(table.c.turn)).where(table.c.state == UnitState.PENDING, is_here)
    return sa.select(sa.func.coalesce(served.scalar_subquery(), waiting.scalar_subquery(), -1))


_ROUNDS = _rounds()


def find_claimable(tx: Connection, unit_id: str, *, now: datetime) -> Claimed | None:
    """A unit that waits: most doubled hints end here, without a lock."""
    return _claimed(tx.execute(_CLAIMABLE, {"unit": unit_id, "moment": now}).one_or_none())


def claim(tx: Connection, unit_id: str, *, owner: str, lease_seconds: float, now: datetime) -> Claimed | None:
    """Lease a unit that waits; None when it is held, over, not yet due or unknown."""
    until = now + timedelta(seconds=lease_seconds)
    by = {"lease_owner": owner, "lease_until": until, "worker": owner, "started_at": now}
    return _claimed(tx.execute(_TAKEN, {"unit": unit_id, "moment": now, **by}).one_or_none())


_CLAIM = (
    *(table.c.id, table.c.task, table.c.args, table.c.subject, table.c.document_id, table.c.run_id),
    *(table.c.pipeline_version, table.c.rubric, table.c.batch, table.c.trace, table.c.epoch),
    *(table.c.attempts, table.c.retries, table.c.lost, table.c.away_since, table.c.lease_owner),
    *(table.c.lease_until, table.c.enqueued_at, table.c.started_at),
)  # what a Claimed is made of; errors and tracebacks of earlier attempts are not read
_IS_UNIT = table.c.id == sa.bindparam("unit")
_IS_CLAIMABLE = sa.or_(
    *(table.c.state == state for state in WAITING),  # IN would be expanded anew at each claim
    sa.and_(table.c.state == UnitState.RETRY_WAIT, table.c.not_before <= sa.bindparam("moment")),
)
_ONE = sa.select(table).where(_IS_UNIT)
_CLAIMABLE = sa.select(*_CLAIM).where(_IS_UNIT, _IS_CLAIMABLE)
_TAKEN = (
    sa.update(table)
    .where(_IS_UNIT, _IS_CLAIMABLE)
    .values(state=UnitState.LEASED, epoch=table.c.epoch + 1, attempts=table.c.attempts + 1)
    .returning(*_CLAIM)
)


@dataclass(frozen=True, slots=True)
class Feeder:
    """A stage run that is done and whose work another goes on with."""

    id: str
    epoch: int
    trace: str
    subject: str


def feeders(tx: Connection, claimed: Claimed, task: str) -> list[Feeder]:
    """The stage runs of `task` that came before for the same document and version, in their order."""
    rows = tx.execute(
        sa.select(table.c.id, table.c.epoch, table.c.trace, table.c.subject)
        .where(
            table.c.subject == claimed.subject,
            table.c.task == task,
            table.c.pipeline_version == claimed.pipeline_version,
            table.c.state == UnitState.DONE,
        )
        .order_by(table.c.batch)
    )
    return [Feeder(*row) for row in rows]


def done(tx: Connection, task: str, subjects: Collection[str], pipeline_version: str) -> list[Feeder]:
    """The stage runs of `task` that are done for these subjects in a version."""
    rows = tx.execute(
        sa.select(table.c.id, table.c.epoch, table.c.trace, table.c.subject)
        .where(
            table.c.subject.in_(subjects),
            table.c.task == task,
            table.c.pipeline_version == pipeline_version,
            table.c.state == UnitState.DONE,
        )
        .order_by(table.c.subject, table.c.rubric)
    )
    return [Feeder(*row) for row in rows]


def extend(tx: Connection, claimed: Claimed, *, until: datetime) -> Fence:
    """Hold a lease for longer."""
    held = tx.execute(_HELD, {**_holder(claimed), "lease_until": until})
    return Fence.PASSED if held.rowcount else _refusal(tx, claimed)


def look(tx: Connection, claimed: Claimed) -> Fence:
    """Whether a lease is still held."""
    held = tx.execute(_LEASE, _holder(claimed)).first()
    return Fence.PASSED if held else _refusal(tx, claimed)


def expire(tx: Connection, unit_id: str, *, owner: str, now: datetime) -> bool:
    """End the lease of a holder that is known to be dead; False when it holds nothing."""
    held = sa.and_(table.c.id == unit_id, table.c.state == UnitState.LEASED, table.c.lease_owner == owner)
    return tx.execute(sa.update(table).where(held).values(lease_until=now)).rowcount == 1


def close(tx: Connection, claimed: Claimed, state: UnitState, **values: Any) -> Fence:
    """Move a held unit to `state` and end its lease; nothing is written when the fence refuses."""
    free = {"state": state, "lease_owner": "", "lease_until": None, "hinted_at": None, "hints": 0}
    closed = tx.execute(_HELD, {**_holder(claimed), **free, **values})
    return Fence.PASSED if closed.rowcount else _refusal(tx, claimed)


def cancel(tx: Connection, *conditions: sa.ColumnElement[bool], now: datetime) -> int:
    """Cancel open units; whoever holds one learns it at the next heartbeat."""
    return shut(tx, table.c.state.in_(OPEN), *conditions, now=now)


def shut(tx: Connection, *conditions: sa.ColumnElement[bool], now: datetime) -> int:
    """Cancel units whatever their state, fencing off their holders."""
    return tx.execute(
        sa.update(table)
        .where(*conditions)
        .values(state=UnitState.CANCELLED, epoch=table.c.epoch + 1, lease_until=None, finished_at=now)
    ).rowcount


def find(tx: Connection, unit_id: str) -> Row[Any] | None:
    return tx.execute(_ONE, {"unit": unit_id}).one_or_none()


def expired(tx: Connection, *, now: datetime, limit: int) -> list[Claimed]:
    """Leases that ran out, the oldest first."""
    over = sa.and_(table.c.state == UnitState.LEASED, table.c.lease_until < now)
    rows = tx.execute(sa.select(*_CLAIM).where(over).order_by(table.c.lease_until).limit(limit))
    return list(_claims(rows))


def is_expired(tx: Connection, claimed: Claimed, *, now: datetime) -> bool:
    """Whether a lease is still over, now that its row is held: a late heartbeat may have saved it."""
    row = _LEASE.with_for_update(key_share=True)
    until: datetime | None = tx.execute(row, _holder(claimed)).scalar()
    return until is not None and until < now


def is_worked_on(tx: Connection, pipeline_version: str) -> bool:
    """Whether any worker holds a unit of this version."""
    held = sa.select(table.c.id).where(
        table.c.state == UnitState.LEASED, table.c.pipeline_version == pipeline_version
    )
    return tx.execute(held.limit(1)).first() is not None


def prepared(tx: Connection, document_id: str, pipeline_version: str) -> flow.Prepared:
    """Count what stands of a document, from its stage runs: the one truth of progress."""
    way = (document_id, pipeline_version)
    return all_prepared(tx, [way]).get(way, flow.Prepared())


def all_prepared(tx: Connection, ways: Sequence[tuple[str, str]]) -> dict[tuple[str, str], flow.Prepared]:
    """The same of many documents, each in a pipeline version; what nothing stands of is left out."""
    documents, versions = ({way[place] for way in ways} for place in (0, 1))
    rows = tx.execute(_PREPARED, {"documents": sorted(documents), "versions": sorted(versions)})
    by_way: dict[tuple[str, str], list[Row[Any]]] = {}
    for row in rows:
        by_way.setdefault((row.subject, row.pipeline_version), []).append(row)
    return {way: _sum_up(group) for way, group in by_way.items()}


_PREPARED = (
    sa.select(
        table.c.subject,
        table.c.pipeline_version,
        table.c.task,
        table.c.state,
        sa.func.count().label("units"),
        sa.func.max(table.c.batches).label("batches"),
        sa.func.sum(table.c.pages).label("pages"),
        sa.func.sum(table.c.chunks).label("chunks"),
    )
    .where(
        table.c.subject.in_(sa.bindparam("documents", expanding=True)),
        table.c.task.in_(flow.TASKS.values()),
        table.c.pipeline_version.in_(sa.bindparam("versions", expanding=True)),
        table.c.rubric == "",
    )
    .group_by(table.c.subject, table.c.pipeline_version, table.c.task, table.c.state)
)


def _sum_up(rows: Iterable[Row[Any]]) -> flow.Prepared:
    by = {(row.task, row.state): row for row in rows}
    ingested = by.get((flow.INGEST, UnitState.DONE))
    embedded = by.get((flow.EMBED, UnitState.DONE))
    alive = sum(by[flow.EMBED, s].units for s in (*OPEN, UnitState.DONE) if (flow.EMBED, s) in by)
    return flow.Prepared(
        done=frozenset(s for s, task in flow.TASKS.items() if (task, UnitState.DONE) in by),
        batches=ingested.batches if ingested else 0,
        batches_alive=alive,
        batches_done=embedded.units if embedded else 0,
        pages=ingested.pages if ingested else 0,
        chunks=ingested.chunks if ingested else 0,
        chunks_embedded=embedded.chunks if embedded else 0,
    )


def _holder(claimed: Claimed) -> dict[str, Any]:
    """The parameters of _HELD and _LEASE."""
    return {"unit": claimed.id, "held_epoch": claimed.epoch}


_IS_HELD = sa.and_(_IS_UNIT, table.c.epoch == sa.bindparam("held_epoch"), table.c.state == UnitState.LEASED)
_HELD = sa.update(table).where(_IS_HELD)  # sets what it is given
_LEASE = sa.select(table.c.lease_until).where(_IS_HELD)


def _refusal(tx: Connection, claimed: Claimed) -> Fence:
    row = find(tx, claimed.id)
    is_cancelled = row is not None and row.state == UnitState.CANCELLED
    return Fence.CANCELLED if is_cancelled else Fence.FENCED


def _claims(rows: Iterable[Row[Any]]) -> Iterable[Claimed]:
    return (claimed for claimed in map(_claimed, rows) if claimed)


def _claimed(row: Row[Any] | None) -> Claimed | None:
    if row is None:
        return None
    return Claimed(
        id=row.id,
        task=row.task,
        stage=queue_of(row.task),
        args=row.args,
        subject=row.subject,
        document_id=row.document_id,
        run_id=row.run_id,
        pipeline_version=row.pipeline_version,
        rubric=row.rubric,
        batch=row.batch,
        trace=row.trace,
        epoch=row.epoch,
        attempts=row.attempts,
        retries=row.retries,
        lost=row.lost,
        away_since=row.away_since,
        owner=row.lease_owner,
        lease_until=row.lease_until,
        enqueued_at=row.enqueued_at,
        started_at=row.started_at,
    )
