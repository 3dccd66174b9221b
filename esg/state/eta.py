"""When it will be done: measured rates times what is left."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from esg.state.flow import Prepared, Stage


@dataclass(frozen=True, slots=True)
class Rates:
    """What was measured lately, in seconds of one worker; a stage never measured is not there."""

    stages: Mapping[Stage, float] = field(default_factory=dict)  # per chunk of embed, else per document
    chunks: float = 0.0  # of a typical document


@dataclass(frozen=True, slots=True)
class Crowd:
    """Runs under way, and workers that are busy with them."""

    runs: int = 1
    workers: int = 1


def eta_seconds(prepared: Prepared, stage: Stage, rates: Rates, crowd: Crowd) -> float | None:
    """Seconds until a run is scored; None where its present stage was never measured.

    Runs share the workers fairly, one stage run each; only embedding spreads one run over several workers.
    """
    stages = list(Stage)
    left = {s: _seconds(s, prepared, rates) for s in stages[stages.index(stage) :]}
    if left[stage] is None:
        return None
    share = crowd.runs / max(1, crowd.workers)
    return sum(
        (seconds or 0.0) * (share if s is Stage.EMBED else max(1.0, share)) for s, seconds in left.items()
    )


def _seconds(stage: Stage, prepared: Prepared, rates: Rates) -> float | None:
    rate = rates.stages.get(stage)
    if rate is None or stage is not Stage.EMBED:
        return rate
    is_ingested = Stage.INGEST in prepared.done
    return rate * (prepared.chunks - prepared.chunks_embedded if is_ingested else rates.chunks)
