"""Reports and hours → processes, processors, loads and cost, by simulation of a fleet that does it."""

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
SLICE = 10_000  # documents that are simulated of more: the rest takes as long as these, again and again
EMBED_THREADS = 2  # processors of a pod (infra/helm/esg)


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
    model: Model,
    loads: Loads,
    *,
    reports: int,
    hours: float,
    prices: Prices,
    busy: float = BUSY,
    seed: int = SEED,
) -> Plan:
    """Find the processes that do it in time, by drawing from the measured documents."""
    works, pages, batches = _drawn(model, min(reports, SLICE), seed)
    times = reports / len(works)
    workers = _enough(model, works, hours * 3600 * busy / times)
    shape = _shape(model, workers)
    found = simulate(works, shape)
    seconds = found.seconds * times
    stage_runs = reports * (3 + batches)
    used = Consumption(
        processor_hours=shape.processors * seconds / 3600,
        hours=seconds / 3600,
        store_reads=reports * loads.of_document(loads.store_reads, batches),
        store_writes=reports * loads.of_document(loads.store_writes, batches),
        stored_gb=reports * pages * loads.store_bytes_page / 1e9,
        databases=max(1, math.ceil(stage_runs / seconds / (busy * loads.sql_stage_runs_per_second))),
    )
    return Plan(
        reports,
        reports * pages,
        hours,
        workers,
        shape.processors,
        seconds,
        found.processor_seconds * times,
        found.processor_seconds / (shape.processors * found.seconds),
        stage_runs,
        reports * loads.of_document(loads.sql_transactions, batches),
        reports * loads.of_document(loads.sql_statements, batches),
        stage_runs * loads.redis_commands + sum(workers.values()) * loads.redis_idle * seconds,
        used.store_reads,
        used.store_writes,
        used.stored_gb,
        used,
        bill(used, prices),
    )


def _drawn(model: Model, count: int, seed: int) -> tuple[list[Work], float, float]:
    """Draw documents from those that were measured, with replacement; their mean pages and batches."""
    generator = random.Random(seed)  # noqa: S311  # nosec B311  # no secret
    measured = model.measured_works()
    chosen = [generator.randrange(len(measured)) for _ in range(count)]
    papers = [model.recorded.papers[i] for i in chosen]
    return [measured[i] for i in chosen], mean(p.pages for p in papers), mean(p.batches for p in papers)


def _enough(model: Model, works: Sequence[Work], seconds: float) -> dict[str, int]:
    """Little's law over each role: its work over the time that a process of it works."""
    shape = _shape(model, dict.fromkeys(ROLES, 1))
    return {role: max(1, math.ceil(_seconds(shape, works, role) / seconds)) for role in ROLES}


def _seconds(shape: Shape, works: Sequence[Work], role: str) -> float:
    """What one process of a role would take for them all."""
    runs = sum(len(work.embed) if role == "embed" else 1 for work in works)
    return sum(work.seconds(role) for work in works) / shape.threads(role) + runs * shape.gap


def _shape(model: Model, workers: Mapping[str, int]) -> Shape:
    """Processes that each have the processors their threads ask for."""
    processors = sum(count * (EMBED_THREADS if role == "embed" else 1) for role, count in workers.items())
    warm_up = {role: found.warm_up for role, found in model.fits.items()}
    return Shape(processors, workers, EMBED_THREADS, model.gap, warm_up)
