"""What goes in and out over HTTP, as OpenAPI shows it."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, model_validator

from esg.domain import LONGEST_COMPANY, LONGEST_QUESTION, YEARS, Chunk, Evidence, Hit
from esg.state import Company as CompanyOf
from esg.state import DocumentRecord
from esg.state import Job as JobRecord

JobState = Literal["queued", "running", "scored", "rejected", "failed", "cancelled"]
DocumentState = Literal["running", "scored", "rejected", "failed", "cancelled"]
Year = Annotated[int, Field(ge=YEARS[0], le=YEARS[1])]
AnyYear = Annotated[int | None, Query(ge=YEARS[0], le=YEARS[1], description="Of this year.")]
Company = Annotated[str, Field(max_length=LONGEST_COMPANY)]
Webhook = Annotated[
    HttpUrl, Field(max_length=2000, description="A public URL that is told, signed, when the job ends.")
]
DocumentName = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="SHA-256 of the file.")]
RubricId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", description="Id of a shipped rubric.")]

SAYS_SOMETHING = r"\S"  # a question that is not blank
MOST_DOCUMENTS = 1000  # named in one request
LONGEST_SOURCE = 500  # of what is told back of a URL that was refused


NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "It is what `If-None-Match` names."}}
CARD_RESPONSES: dict[int | str, dict[str, Any]] = {
    **NOT_MODIFIED,
    200: {
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/Scorecard"}},
            "text/html": {"schema": {"type": "string"}},
            "text/csv": {"schema": {"type": "string"}},
            "application/vnd.apache.parquet": {"schema": {"type": "string", "format": "binary"}},
            "application/pdf": {"schema": {"type": "string", "format": "binary"}},
        }
    },
}


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Wishes(Strict):
    """What may be said beside a report. Company and year are read from it where they are not given."""

    company: Company | None = None
    year: Year | None = None
    rubric: RubricId | None = None
    webhook: Webhook | None = None


class UrlSubmission(Wishes):
    """A report to be fetched. Company and year are read from the report where they are not given."""

    url: HttpUrl


class Accepted(BaseModel):
    """A job was written down; what becomes of it is at `links.job`."""

    job_id: str
    document_id: str | None = Field(description="SHA-256 of the file; null until a URL is fetched.")
    links: dict[str, str]

    @classmethod
    def of(cls, job: JobRecord) -> "Accepted":
        return cls(job_id=job.id, document_id=job.document_id, links=job_links(job))


class BulkRequest(Strict):
    """Reports to be fetched; one that cannot be is told in its row, and the rest goes on."""

    documents: list[dict[str, Any]] = Field(
        min_length=1,
        max_length=MOST_DOCUMENTS,
        description="As in POST /v1/documents; each is checked by itself.",
    )


class BulkRow(BaseModel):
    """One report: the job it became, or why it became none."""

    source: str
    job: Accepted | None
    problem: dict[str, Any] | None = Field(description="A problem document.")


class AcceptedBulk(BaseModel):
    """A row for each report, in the order in which they were sent."""

    accepted: int
    refused: int
    rows: list[BulkRow]


class ScoreRequest(Strict):
    """Which documents to judge again: some by id, all of a company, of a year, or all there are."""

    document_ids: list[DocumentName] | None = Field(default=None, min_length=1, max_length=MOST_DOCUMENTS)
    company: Company | None = Field(default=None, description="Its name or its slug.")
    year: Year | None = None
    rubric: RubricId | None = Field(default=None, description="The server's own where none is given.")
    webhook: Webhook | None = None
    force: bool = Field(default=False, description="Do everything anew, also what is there already.")

    @model_validator(mode="after")
    def _names_one_way(self) -> "ScoreRequest":
        if self.document_ids is not None and (self.company is not None or self.year is not None):
            raise ValueError("give document_ids, or a company and a year")
        return self


class AcceptedScores(BaseModel):
    """A job for each document, in the order of the ids or the newest document first."""

    jobs: list[Accepted]


class Job(BaseModel):
    """A submission and how far it has come."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    source: str = Field(description="The name or URL it was sent under.")
    document_id: str | None
    company: str | None
    year: int | None
    state: JobState
    stage: str = Field(description="ingest, embed, index, score; empty once it is over.")
    reason: str = Field(description="Why it was rejected or failed, for a person.")
    reason_code: str
    pages: int
    chunks: int
    chunks_embedded: int
    eta_seconds: float | None
    created_at: datetime
    finished_at: datetime | None
    reused: bool = Field(description="Nothing had to be done: the same bytes were scored before.")
    rubric: str
    links: dict[str, str]

    @classmethod
    def of(cls, job: JobRecord) -> "Job":
        fields = {name: getattr(job, name) for name in cls.model_fields if name != "links"}
        return cls(**fields, links=job_links(job))


class Listed(BaseModel):
    next: str | None = Field(default=None, description="Where the list goes on; null at its end.")


class Jobs(Listed):
    jobs: list[Job]


class Document(BaseModel):
    """A report that was taken in."""

    id: str
    company: str
    year: int | None
    company_guessed: bool
    year_guessed: bool
    source: str = Field(
        description="The name or URL under which these bytes came first; a job tells its own."
    )
    title: str
    media_type: str
    size_bytes: int
    pages: int
    language: str
    state: DocumentState
    reason: str
    reason_code: str
    created_at: datetime
    updated_at: datetime
    links: dict[str, str]

    @classmethod
    def of(cls, record: DocumentRecord) -> "Document":
        document, identity = record.document, record.document.identity
        return cls(
            id=document.id,
            company=identity.company,
            year=identity.year,
            company_guessed=identity.company_guessed,
            year_guessed=identity.year_guessed,
            source=document.source,
            title=document.title,
            media_type=document.media_type.value,
            size_bytes=document.size_bytes,
            pages=document.pages,
            language=document.language,
            state=record.state,
            reason=record.reason,
            reason_code=record.reason_code,
            created_at=record.created_at,
            updated_at=record.updated_at,
            links=document_links(document.id),
        )


class Documents(Listed):
    documents: list[Document]


class Kpis(BaseModel):
    """The scorecard's key figures, as in the scorecard itself."""

    document_id: str
    kpis: list[dict[str, Any]]


class CompanyRecord(BaseModel):
    """A company as the register names it, else its newest report; `slug` is its address.

    Sector, country (ISO 3166), LEI and fiscal year end (MM-DD) are the register's, empty where not known.
    """

    model_config = ConfigDict(from_attributes=True)

    slug: str
    name: str
    documents: int
    years: list[int]
    sector: str
    country: str
    lei: str
    fiscal_year_end: str


class Companies(Listed):
    companies: list[CompanyRecord]


class CompanyDocuments(BaseModel):
    """A company and its documents, the newest first; `links` leads to the scorecard of each year."""

    slug: str
    name: str
    years: list[int]
    documents: list[Document]
    links: dict[str, str]


class History(BaseModel):
    """A company over the years: its levels, and what changed from one report to the next."""

    slug: str
    name: str
    levels: list[dict[str, Any]] = Field(description="A row for each year, with each theme's level.")
    changes: list[dict[str, Any]]


class Compared(BaseModel):
    slug: str
    name: str
    year: int | None
    scorecard: dict[str, Any]


class Comparison(BaseModel):
    """In the order in which they were asked for."""

    companies: list[Compared]


class Place(BaseModel):
    page: int
    start: int
    end: int


class Found(BaseModel):
    """A passage near the query, with why it was found."""

    document_id: str
    company: str
    year: int | None
    chunk_id: str
    section: str
    text: str
    spans: list[Place]
    dense: float
    lexical: float
    fused: float
    rank: int
    links: dict[str, str]

    @classmethod
    def of(cls, hit: Hit, record: DocumentRecord | None) -> "Found":
        chunk, identity = hit.chunk, record.document.identity if record else None
        return cls(
            document_id=chunk.document_id,
            company=identity.company if identity else "",
            year=identity.year if identity else None,
            chunk_id=chunk.id,
            section=chunk.section,
            text=chunk.text,
            spans=[Place(**span._asdict()) for span in chunk.spans],
            **hit.retrieval._asdict(),
            links=_found_links(chunk),
        )


class SearchResults(Listed):
    query: str
    results: list[Found]


# -- the shape of the first engine's API ---------------------------------------------------------------------


class FirstScoreRequest(BaseModel):
    model_config = ConfigDict(frozen=True)

    company: Annotated[str, Field(min_length=1, max_length=LONGEST_COMPANY)]
    year: Year | None = Field(default=None, description="The newest where none is given.")
    query: Annotated[str, Field(pattern=SAYS_SOMETHING, max_length=LONGEST_QUESTION)]


class FirstEvidence(BaseModel):
    """A verbatim quote; `doc_id` is the SHA-256 of its file, `sha256` that of the quote itself."""

    doc_id: str
    quote: str
    sha256: str
    evidence_id: str
    page: int
    start: int
    end: int
    chunk_id: str
    links: dict[str, str]

    @classmethod
    def of(cls, evidence: Evidence) -> "FirstEvidence":
        return cls(
            doc_id=evidence.document_id,
            quote=evidence.quote,
            sha256=evidence.sha256,
            evidence_id=evidence.id,
            page=evidence.page,
            start=evidence.start,
            end=evidence.end,
            chunk_id=evidence.chunk_id,
            links=evidence_links(evidence),
        )


class FirstTheme(BaseModel):
    theme: str
    stage: int = Field(ge=0, le=4)
    confidence: float = Field(ge=0, le=1)
    stage_descriptor: str
    status: str
    evidence: list[FirstEvidence]


class FirstPassage(BaseModel):
    """A passage near the query."""

    doc_id: str
    chunk_id: str
    text: str
    spans: list[Place]
    rank: int

    @classmethod
    def of(cls, hit: Hit) -> "FirstPassage":
        chunk = hit.chunk
        return cls(
            doc_id=chunk.document_id,
            chunk_id=chunk.id,
            text=chunk.text,
            spans=[Place(**span._asdict()) for span in chunk.spans],
            rank=hit.retrieval.rank,
        )


class FirstParity(BaseModel):
    """Whether each quote that a level stands on lies inside the spans that retrieval returned."""

    parity_ok: bool
    evidence_ids: list[str]
    evidence_outside_top_k: list[str]


class FirstScore(BaseModel):
    company: str
    year: int | None
    scores: list[FirstTheme]
    passages: list[FirstPassage]
    model_version: str
    rubric_version: str
    trace_id: str
    parity: FirstParity


class FirstQuote(BaseModel):
    """A quote; `source_hash` is the SHA-256 of its file, `sha256` that of the quote itself."""

    text: str
    page: int
    chunk_id: str
    source_hash: str
    evidence_id: str
    start: int
    end: int
    sha256: str
    links: dict[str, str]


class FirstTrace(BaseModel):
    company: str
    year: int | None
    ledger_manifest: str = Field(description="Where the documents are listed.")
    quote_records: list[FirstQuote]
    parity_verdict: Literal["PASS", "FAIL"]
    parity: FirstParity
    trace_id: str


class Health(BaseModel):
    status: Literal["healthy"] = "healthy"
    service: str
    timestamp: str = Field(description="ISO 8601, UTC, ending in Z.")


class Ready(BaseModel):
    ready: Literal[True] = True


class Live(BaseModel):
    live: Literal[True] = True


class ProblemDocument(BaseModel):
    """RFC 9457; `type` is stable, `detail` is for people."""

    type: str
    title: str
    status: int
    detail: str
    instance: str | None = None
    next_step: str | None = None


# -- links ------------------------------------------------------------------------------------------------


def job_links(job: JobRecord) -> dict[str, str]:
    links = {"job": f"/v1/jobs/{job.id}", "events": f"/v1/jobs/{job.id}/events"}
    return links | (document_links(job.document_id) if job.document_id else {})


def document_links(document_id: str) -> dict[str, str]:
    here = f"/v1/documents/{document_id}"
    return {
        "document": here,
        "scorecard": f"{here}/scorecard",
        "kpis": f"{here}/kpis",
        "report": f"/documents/{document_id}",
    }


def evidence_links(evidence: Evidence) -> dict[str, str]:
    document = f"/v1/documents/{evidence.document_id}"
    return {"document": document, "page": f"{document}/pages/{evidence.page}.png?evidence={evidence.id}"}


def company_links(company: CompanyOf) -> dict[str, str]:
    here = f"/v1/companies/{company.slug}"
    years = {str(year): f"{here}/scorecard?year={year}" for year in company.years}
    own = {"company": here, "scorecard": f"{here}/scorecard", "history": f"{here}/history"}
    return own | years


def _found_links(chunk: Chunk) -> dict[str, str]:
    here = f"/v1/documents/{chunk.document_id}"
    pages = {"page": f"{here}/pages/{chunk.spans[0].page}.png"} if chunk.spans else {}
    return {"document": here} | pages
