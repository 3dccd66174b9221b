"""A unit of work: what a stage run is to do (`Unit`) and a stage run someone holds (`Claimed`)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Scalar = str | int | float | bool | None


class UnitState(StrEnum):
    PENDING = "pending"  # in SQL only
    QUEUED = "queued"  # a hint was given out
    LEASED = "leased"  # a worker holds it
    RETRY_WAIT = "retry_wait"
    DONE = "done"
    DEAD = "dead"
    CANCELLED = "cancelled"


OPEN = (UnitState.PENDING, UnitState.QUEUED, UnitState.LEASED, UnitState.RETRY_WAIT)
SHUT = (UnitState.DEAD, UnitState.CANCELLED)  # not open, yet may be opened again


@dataclass(frozen=True, slots=True)
class Unit:
    """One task on one subject: a document id, else what the task is about (a job, a company, a night)."""

    task: str
    subject: str
    args: Mapping[str, Scalar]
    pipeline_version: str = ""
    rubric: str = ""
    batch: int = 0
    document_id: str | None = None
    run_id: str | None = None
    trace: str = ""
    on_queue: str = ""  # where it is not the word before the task's dot

    @property
    def id(self) -> str:
        """Name the unit by what it does: 32 hexadecimal digits; inserting it twice is inserting it once."""
        key = "\n".join((self.task, self.subject, self.pipeline_version, self.rubric, str(self.batch)))
        return hashlib.sha256(key.encode()).hexdigest()[:32]

    @property
    def queue(self) -> str:
        return self.on_queue or queue_of(self.task)


def queue_of(task: str) -> str:
    """The queue, role and stage of a task are the word before its dot."""
    return task.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A leased stage run; `epoch` is the fence: what its holder writes is refused once it has moved on."""

    id: str
    task: str
    stage: str
    args: Mapping[str, Scalar]
    subject: str
    document_id: str | None
    run_id: str | None
    pipeline_version: str
    rubric: str
    batch: int
    trace: str
    epoch: int
    attempts: int  # claims so far, this one included
    retries: int
    lost: int
    away_since: datetime | None  # when a server that it needs was first found away, in this outage
    owner: str
    lease_until: datetime
    enqueued_at: datetime | None
    started_at: datetime


class Fence(StrEnum):
    """What became of a write by the holder of a lease."""

    PASSED = "passed"
    FENCED = "fenced"  # the lease went to someone else or is over: nothing was written
    CANCELLED = "cancelled"  # nobody wants it any more: nothing was written, stop working


@dataclass(frozen=True, slots=True)
class Hint:
    """A message to publish: "try to advance this stage run". Losing or doubling it is harmless."""

    id: int
    unit: str
    task: str
    queue: str
    trace: str
