"""What a finished stage run brings: one value per task, handed to `State.complete`."""

from collections.abc import Mapping
from dataclasses import dataclass

from esg.domain import Document, Identity
from esg.state import flow
from esg.state.company_years import TASK as COMPANY
from esg.state.company_years import CompanyYear


@dataclass(frozen=True, slots=True)
class Sourced:
    """ingest.source: the bytes are in the lake. Who it is may be unknown yet ("" and None)."""

    document: Document


@dataclass(frozen=True, slots=True)
class Ingested:
    """ingest.document: pages and chunks are in the lake, to be embedded in `batches` (0: nothing legible).

    `guess` is who the document itself says it is, whatever someone gave; `lei` the identifier that it prints.
    """

    document: Document
    chunks: int
    batches: int
    guess: Identity | None = None
    lei: str = ""


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
class CompanyScored:
    """score.company: the scorecards of these company-years are in the lake."""

    company_years: tuple[CompanyYear, ...]


@dataclass(frozen=True, slots=True)
class Later:
    """score.company: documents are on their way; ingest.scan: there is more to ask. Again in `seconds`."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Done:
    """Any other task: nothing follows."""


SCAN = "ingest.scan"
OF_TASK: Mapping[str, tuple[type, ...]] = {
    flow.SOURCE: (Sourced,),
    flow.INGEST: (Ingested,),
    flow.EMBED: (Embedded,),
    flow.INDEX: (Indexed,),
    flow.SCORE: (Scored,),
    COMPANY: (CompanyScored, Later),
    SCAN: (Done, Later),
}

Outcome = Sourced | Ingested | Embedded | Indexed | Scored | CompanyScored | Later | Done
