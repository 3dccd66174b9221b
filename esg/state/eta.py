"""When it will be done: measured rates times what is left."""

from dataclasses import dataclass

from esg.state.flow import Prepared, Stage


@dataclass(frozen=True, slots=True)
class Rates:
    """Seconds of one worker, per chunk of embed, per document of the others; None where unmeasured."""

    ingest: float | None = None
    embed_chunk: float | None = None
    index: float | None = None
    score: float | None = None


def eta_seconds(
    prepared: Prepared, stage: Stage, rates: Rates, *, runs: int = 1, workers: int = 1
) -> float | None:
    """Seconds until a run is scored, or None where a rate it needs is unknown.

    `runs` share `workers` fairly, so that a run has workers / runs of them, and never more than all.
    """
    left = _left(prepared, stage, rates)
    if any(seconds is None for seconds in left):
        return None
    return sum(seconds for seconds in left if seconds is not None) * max(1.0, runs / max(1, workers))


def _left(prepared: Prepared, stage: Stage, rates: Rates) -> list[float | None]:
    match stage:
        case Stage.INGEST:
            return [None]  # nobody knows its length yet
        case Stage.EMBED:
            chunks = prepared.chunks - prepared.chunks_embedded
            embed = None if rates.embed_chunk is None else chunks * rates.embed_chunk
            return [embed, rates.index, rates.score]
        case Stage.INDEX:
            return [rates.index, rates.score]
        case Stage.SCORE:
            return [rates.score]
