"""How long work has taken, by the stage runs that are done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from esg.state.schema import stage_runs as units
from esg.state.units import UnitState


@dataclass(frozen=True, slots=True)
class ServiceTimes:
    """Seconds of one process for each stage run that was done of a document, by queue; and of how many."""

    documents: int = 0
    seconds: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


def service_times(tx: Connection, *, since: datetime) -> ServiceTimes:
    """Read what was done of documents that were scored since then."""
    scored = (
        sa.select(units.c.document_id)
        .where(
            units.c.task == "score.document",
            units.c.state == UnitState.DONE,
            units.c.finished_at >= since,
        )
        .distinct()
    )
    found: dict[str, list[float]] = {}
    documents = set()
    query = sa.select(units.c.queue, units.c.document_id, units.c.started_at, units.c.finished_at).where(
        units.c.state == UnitState.DONE, units.c.started_at.is_not(None), units.c.document_id.in_(scored)
    )
    for row in tx.execute(query):
        documents.add(row.document_id)
        found.setdefault(row.queue, []).append((row.finished_at - row.started_at).total_seconds())
    return ServiceTimes(len(documents), {queue: tuple(sorted(taken)) for queue, taken in found.items()})
