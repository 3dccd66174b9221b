"""Measured service times → how many processes of each role a number of reports needs (Little's law)."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from esg.state import ServiceTimes

BUSY = 0.7  # of its time a process may work: beyond, waits grow faster than the load (Kingman 1961)


@dataclass(frozen=True, slots=True)
class Need:
    """What a role needs; `seconds_per_report` is the time of one process that a report takes there in all."""

    role: str
    stage_runs: int
    seconds_per_report: float
    p95_seconds: float  # of a stage run
    processes: int


def needs(times: ServiceTimes, *, reports: int, hours: float, busy: float = BUSY) -> Iterator[Need]:
    """For each role that was measured, in the order of the flow; nothing was scored, nothing is known."""
    for role in ("ingest", "embed", "index", "score"):
        taken = times.seconds.get(role)
        if not taken:
            continue
        each = sum(taken) / times.documents
        wanted = math.ceil(reports * each / (hours * 3600 * busy))
        yield Need(role, len(taken), each, float(np.quantile(taken, 0.95)), max(1, wanted))
