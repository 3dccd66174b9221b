"""When it will be done: measured rates times what is left."""

from dataclasses import dataclass

from esg.state.flow import Prepared, Stage


@dataclass(frozen=True, slots=True)
class Rates:
    """What was measured lately, in seconds of one worker; None where nothing was."""

    ingest: float | None = None  # per document
    embed: float | None = None  # per chunk
    index: float | None = None
    score: float | None = None
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
    match stage:
        case Stage.INGEST:
            return rates.ingest
        case Stage.EMBED:
            chunks = prepared.chunks - prepared.chunks_embedded if prepared.is_ingested else rates.chunks
            return None if rates.embed is None else chunks * rates.embed
        case Stage.INDEX:
            return rates.index
        case Stage.SCORE:
            return rates.score
