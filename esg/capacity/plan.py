"""A number of reports and hours → processes, processors, loads and cost, by simulation of a fleet that does it."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from esg.capacity.costs import Bill, Consumption, Prices, bill
from esg.capacity.fleet import Shape, Work, simulate
from esg.capacity.loads import Loads
from esg.capacity.needs import BUSY
from esg.capacity.recorded import ROLES
from esg.capacity.validation import Model

SEED = 20261127
SLICE = 2000  # documents that are simulated of more: a slice of the work on the same slice of the fleet
EMBED_THREADS = 2  # processors of a pod (infra/helm/esg)
SECONDS_OF_A_MONTH = 30 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Plan:
    """`seconds` is by simulation; the rates are means over it."""

    reports: int
    pages: float
    hours_wanted: float
    workers: Mapping[str, int]
    processors: int
    seconds: float
    processor_seconds: float
    used: float  # of the processors, mean
    stage_runs: float
    sql_transactions: float
    sql_statements: float
    redis_commands: float
    store_reads: float
    store_writes: float
    store_gb: float
    consumption: Consumption
    bill: Bill

    def per_second(self, total: float) -> float:
        return total / self.seconds


def plan(
    model: Model, loads: Loads, *, reports: int, hours: float, prices: Prices, busy: float = BUSY, seed: int = SEED
) -> Plan:
    """Find the processes that do it in time, by drawing from the measured documents."""
    works, pages, batches = _drawn(model, min(reports, SLICE), seed)
    share = len(works) / reports
    workers = _enough(model, works, share, hours, busy)
    shape = _shape(model, workers)
    found = simulate(works, _slice(shape, share))
    stage_runs = reports * (3 + batches)
    used = Consumption(
        processor_hours=shape.processors * found.seconds / 3600,
        hours=found.seconds / 3600,
        store_reads=reports * loads.of_document(loads.store_reads, batches),
        store_writes=reports * loads.of_document(loads.store_writes, batches),
        stored_gb=reports * pages * loads.store_bytes_page / 1e9,
        databases=max(1, math.ceil(stage_runs / found.seconds / (busy * loads.sql_stage_runs_per_second))),
    )
    return Plan(
        reports,
        reports * pages,
        hours,
        workers,
        shape.processors,
        found.seconds,
        found.processor_seconds / share,
        found.processor_seconds / share / (shape.processors * found.seconds),
        stage_runs,
        reports * loads.of_document(loads.sql_transactions, batches),
        reports * loads.of_document(loads.sql_statements, batches),
        stage_runs * loads.redis_commands + sum(workers.values()) * loads.redis_idle * found.seconds,
        used.store_reads,
        used.store_writes,
        used.stored_gb,
        used,
        bill(used, prices),
    )


def _drawn(model: Model, count: int, seed: int) -> tuple[list[Work], float, float]:
    """Draw documents from those that were measured, with replacement; their mean pages and batches."""
    generator = random.Random(seed)  # noqa: S311  # no secret
    measured = model.measured_works()
    chosen = [generator.randrange(len(measured)) for _ in range(count)]
    papers = [model.recorded.papers[i] for i in chosen]
    return [measured[i] for i in chosen], mean(p.pages for p in papers), mean(p.batches for p in papers)


def _enough(model: Model, works: Sequence[Work], share: float, hours: float, busy: float) -> dict[str, int]:
    """Little's law over each role: its work over the time that a process of it has."""
    shape = _shape(model, dict.fromkeys(ROLES, 1))
    return {role: _processes(shape, works, role, share, hours * 3600 * busy) for role in ROLES}


def _processes(shape: Shape, works: Sequence[Work], role: str, share: float, seconds: float) -> int:
    runs = sum(len(work.embed) if role == "embed" else 1 for work in works)
    taken = sum(work.seconds(role) for work in works) / shape.threads(role) + runs * shape.gap
    return max(1, math.ceil(taken / share / seconds))


def _shape(model: Model, workers: Mapping[str, int]) -> Shape:
    """Processes that each have the processors their threads ask for."""
    processors = sum(count * (EMBED_THREADS if role == "embed" else 1) for role, count in workers.items())
    warm_up = {role: found.warm_up for role, found in model.fits.items()}
    return Shape(processors, workers, EMBED_THREADS, model.gap, warm_up)


def _slice(shape: Shape, share: float) -> Shape:
    """The same share of each role's processes, at least one."""
    workers = {role: max(1, round(count * share)) for role, count in shape.workers.items()}
    processors = sum(count * shape.threads(role) for role, count in workers.items())
    return Shape(processors, workers, shape.embed_threads, shape.gap, shape.warm_up)
