"""Which stage is due next: the flow of one document as a function of what is already there."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

SOURCE = "ingest.source"
INGEST = "ingest.document"
EMBED = "embed.batch"
INDEX = "index.document"
SCORE = "score.document"


class Stage(StrEnum):
    """In the order of the flow."""

    INGEST = "ingest"
    EMBED = "embed"
    INDEX = "index"
    SCORE = "score"


TASKS: Mapping[Stage, str] = {
    Stage.INGEST: INGEST,
    Stage.EMBED: EMBED,  # a stage run a batch; of every other stage there is one
    Stage.INDEX: INDEX,
    Stage.SCORE: SCORE,  # for each rubric by itself; what is before it serves them all
}


BEFORE: Mapping[str, str] = dict(zip(list(TASKS.values())[1:], TASKS.values(), strict=False))


@dataclass(frozen=True, slots=True)
class Prepared:
    """What stands of a document in one pipeline version, whatever the rubric."""

    done: frozenset[Stage] = frozenset()  # stages of one stage run
    batches: int = 0  # expected of embed, known once ingested
    batches_alive: int = 0  # open or done
    batches_done: int = 0
    pages: int = 0
    chunks: int = 0
    chunks_embedded: int = 0


def due(prepared: Prepared) -> Stage:
    """Say which stage the document is in: the first that is not through, else score."""
    *before, last = Stage
    return next((stage for stage in before if not _is_through(stage, prepared)), last)


def _is_through(stage: Stage, prepared: Prepared) -> bool:
    """A document without a legible chunk has no batch to wait for."""
    if stage is Stage.EMBED:
        return prepared.batches_done >= prepared.batches
    return stage in prepared.done
