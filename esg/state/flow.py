"""Which stage is due next: the flow of one document as a function of what is already there."""

from dataclasses import dataclass
from enum import StrEnum

SOURCE = "ingest.source"
INGEST = "ingest.document"
EMBED = "embed.batch"
INDEX = "index.document"
SCORE = "score.document"


class Stage(StrEnum):
    INGEST = "ingest"
    EMBED = "embed"
    INDEX = "index"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What stands of a document in one pipeline version, whatever the rubric."""

    is_ingested: bool = False
    batches: int = 0  # expected of embed, known once ingested
    batches_alive: int = 0  # open or done
    batches_done: int = 0
    is_indexed: bool = False
    pages: int = 0
    chunks: int = 0
    chunks_embedded: int = 0


def due(prepared: Prepared) -> Stage:
    """Say which stage the document is in; a document without a legible chunk skips embed."""
    if not prepared.is_ingested:
        return Stage.INGEST
    if prepared.batches_done < prepared.batches:
        return Stage.EMBED
    return Stage.SCORE if prepared.is_indexed else Stage.INDEX
