"""What goes in and out over HTTP, as OpenAPI shows it."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, model_validator

from esg.domain import LONGEST_COMPANY, YEARS, Chunk, Hit
from esg.state import Company as CompanyOf
from esg.state import DocumentRecord
from esg.state import Job as JobRecord

JobState = Literal["queued", "running", "scored", "rejected", "failed", "cancelled"]
Year = Annotated[int, Field(ge=YEARS[0], le=YEARS[1])]
Company = Annotated[str, Field(max_length=LONGEST_COMPANY)]
DocumentName = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="SHA-256 of the file.")]
RubricId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", description="Id of a shipped rubric.")]

MOST_DOCUMENTS = 1000  # named in one request

JOB_ID = "9b2c1f0e5d6a47c8b1f2a3d4c5e6f708"
DOCUMENT_ID = "3f1c0a9be2d4f5a60718293a4b5c6d7e8f901122334455667788990011223344"


CARD_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/Scorecard"}},
            "text/html": {"schema": {"type": "string"}},
            "text/csv": {"schema": {"type": "string"}},
            "application/vnd.apache.parquet": {"schema": {"type": "string", "format": "binary"}},
            "application/pdf": {"schema": {"type": "string", "format": "binary"}},
        }
    }
}


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class UrlSubmission(Strict):
    """A report to be fetched. Company and year are read from the report where they are not given."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"url": "https://example.com/report.pdf", "company": "Acme plc", "year": 2024}]
        }
    )

    url: HttpUrl
    company: Company | None = None
    year: Year | None = None
    rubric: RubricId | None = None


class Accepted(BaseModel):
    """A job was written down; what becomes of it is at `links.job`."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"job_id": JOB_ID, "document_id": DOCUMENT_ID, "links": {"job": f"/v1/jobs/{JOB_ID}"}}
            ]
        }
    )

    job_id: str
    document_id: str | None = Field(description="SHA-256 of the file; null until a URL is fetched.")
    links: dict[str, str]


class ScoreRequest(Strict):
    """Which documents to judge again: some by id, all of a company, of a year, or all there are."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"company": "Acme plc", "rubric": "maturity"}]})

    document_ids: list[DocumentName] | None = Field(default=None, min_length=1, max_length=MOST_DOCUMENTS)
    company: Company | None = Field(default=None, description="Its name or its slug.")
    year: Year | None = None
    rubric: RubricId | None = Field(default=None, description="The server's own where none is given.")
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


class Jobs(BaseModel):
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
    state: str
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


class Companies(BaseModel):
    companies: list[CompanyRecord]


class CompanyDocuments(BaseModel):
    """A company and its documents, the newest first; `links` leads to the scorecard of each year."""

    slug: str
    name: str
    years: list[int]
    documents: list[Document]
    links: dict[str, str]


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


class SearchResults(BaseModel):
    query: str
    results: list[Found]


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


def company_links(company: CompanyOf) -> dict[str, str]:
    here = f"/v1/companies/{company.slug}"
    years = {str(year): f"{here}/scorecard?year={year}" for year in company.years}
    return {"company": here, "scorecard": f"{here}/scorecard"} | years


def _found_links(chunk: Chunk) -> dict[str, str]:
    here = f"/v1/documents/{chunk.document_id}"
    pages = {"page": f"{here}/pages/{chunk.spans[0].page}.png"} if chunk.spans else {}
    return {"document": here} | pages
