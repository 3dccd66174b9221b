"""How long work has taken, by the stage runs that are done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from esg.state.schema import stage_runs as units
from esg.state.units import UnitState


@dataclass(frozen=True, slots=True)
class DoneRun:
    """A stage run of a document that was scored: when it was opened, taken and done, and what it brought."""

    document_id: str
    task: str
    queue: str
    batch: int
    pages: int
    chunks: int
    created_at: datetime
    started_at: datetime
    finished_at: datetime

    @property
    def seconds(self) -> float:
        return (self.finished_at - self.started_at).total_seconds()


@dataclass(frozen=True, slots=True)
class ServiceTimes:
    """Seconds of one process for each stage run that was done of a document, by queue; and of how many."""

    documents: int = 0
    seconds: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, runs: Iterable[DoneRun]) -> "ServiceTimes":
        found: dict[str, list[float]] = {}
        documents = set()
        for run in runs:
            documents.add(run.document_id)
            found.setdefault(run.queue, []).append(run.seconds)
        return cls(len(documents), {queue: tuple(sorted(taken)) for queue, taken in found.items()})


def done_runs(tx: Connection, *, since: datetime) -> list[DoneRun]:
    """Read what was done of documents that were scored since then, in the order it was taken."""
    scored = (
        sa.select(units.c.document_id)
        .where(
            units.c.task == "score.document",
            units.c.state == UnitState.DONE,
            units.c.finished_at >= since,
        )
        .distinct()
    )
    query = (
        sa.select(
            units.c.document_id,
            units.c.task,
            units.c.queue,
            units.c.batch,
            units.c.pages,
            units.c.chunks,
            units.c.created_at,
            units.c.started_at,
            units.c.finished_at,
        )
        .where(
            units.c.state == UnitState.DONE,
            units.c.started_at.is_not(None),
            units.c.document_id.in_(scored),
        )
        .order_by(units.c.started_at, units.c.id)
    )
    return [DoneRun(*row) for row in tx.execute(query)]
