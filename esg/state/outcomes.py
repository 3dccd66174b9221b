"""What a finished stage run brings: one value per task, handed to `State.complete`."""

from dataclasses import dataclass

from esg.domain import Document, Identity
from esg.state import flow


@dataclass(frozen=True, slots=True)
class Sourced:
    """ingest.source: the bytes are in the lake. Who it is may be unknown yet ("" and None)."""

    document: Document


@dataclass(frozen=True, slots=True)
class Ingested:
    """ingest.document: pages and chunks are in the lake, to be embedded in `batches` (0: nothing legible).

    `guess` is who the document itself says it is, whatever someone gave.
    """

    document: Document
    chunks: int
    batches: int
    guess: Identity | None = None


@dataclass(frozen=True, slots=True)
class Embedded:
    """embed.batch: the vectors of `chunks` chunks are in the lake."""

    chunks: int


@dataclass(frozen=True, slots=True)
class Indexed:
    """index.document: the document can be searched."""

    chunks: int = 0


@dataclass(frozen=True, slots=True)
class Scored:
    """score.document: the scorecard is in the lake under `key`; `sha256` is of its canonical JSON."""

    key: str
    overall: float
    grade: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Done:
    """Any other task: nothing follows."""


OF_TASK = {
    flow.SOURCE: Sourced,
    flow.INGEST: Ingested,
    flow.EMBED: Embedded,
    flow.INDEX: Indexed,
    flow.SCORE: Scored,
}

Outcome = Sourced | Ingested | Embedded | Indexed | Scored | Done
