"""Examples of answers where nothing is wrong, made as the routes make them: so they follow the schemas."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import quote_plus

from pydantic import BaseModel

from api import cursors, first_shape, problems, progress, schemas
from api.openapi_sample import (
    BY_URL,
    CANCELLED,
    CARD,
    COMPANY,
    EMBEDDING,
    HIT,
    QUESTION,
    RECORD,
    REFUSED,
    SCORED,
    URL,
)
from esg import report
from esg.state import Job

Examples = Mapping[str, dict[str, Any]]  # as OpenAPI writes them, by name

CARDS = ("GET /v1/documents/{document_id}/scorecard", "GET /v1/companies/{slug}/scorecard")
EVENTS = "GET /v1/jobs/{job_id}/events"
CSV_LINES = 6


@cache
def answers() -> Mapping[str, Mapping[str, Examples]]:
    """By route and media type."""
    models = _of_documents() | _of_jobs() | _of_companies() | _of_questions() | _of_operation()
    return {
        **{
            route: {"application/json": {"example": {"value": _json(model)}}}
            for route, model in models.items()
        },
        **dict.fromkeys(CARDS, _scorecard()),
        EVENTS: {"text/event-stream": {"progress": _event(EMBEDDING), "end": _event(SCORED)}},
    }


def _json(model: BaseModel) -> dict[str, Any]:
    return model.model_dump(mode="json")


def _of_documents() -> dict[str, BaseModel]:
    document, card = schemas.Document.of(RECORD), report.to_dict(CARD)
    return {
        "POST /v1/documents": schemas.Accepted.of(SCORED),
        "POST /v1/documents/bulk": _bulk(),
        "GET /v1/documents": schemas.Documents(documents=[document]),
        "GET /v1/documents/{document_id}": document,
        "GET /v1/documents/{document_id}/kpis": schemas.Kpis(document_id=document.id, kpis=card["kpis"]),
    }


def _bulk() -> schemas.AcceptedBulk:
    """One report that is fetched, and one that could not be."""
    wrong = problems.of_validation([{"loc": ("url",), "msg": "URL scheme should be 'http' or 'https'"}])
    rows = [
        schemas.BulkRow(source=URL, job=schemas.Accepted.of(BY_URL), problem=None),
        schemas.BulkRow(source=REFUSED, job=None, problem=problems.document(wrong)),
    ]
    return schemas.AcceptedBulk(accepted=1, refused=1, rows=rows)


def _of_jobs() -> dict[str, BaseModel]:
    return {
        "GET /v1/jobs": schemas.Jobs(jobs=[schemas.Job.of(SCORED)]),
        "GET /v1/jobs/{job_id}": schemas.Job.of(SCORED),
        "DELETE /v1/jobs/{job_id}": schemas.Job.of(CANCELLED),
        "POST /v1/scores": schemas.AcceptedScores(jobs=[schemas.Accepted.of(SCORED)]),
    }


def _of_companies() -> dict[str, BaseModel]:
    compared = schemas.Compared(
        slug=COMPANY.slug, name=COMPANY.name, year=COMPANY.years[0], scorecard=report.to_dict(CARD)
    )
    return {
        "GET /v1/companies": schemas.Companies(companies=[schemas.CompanyRecord.model_validate(COMPANY)]),
        "GET /v1/companies/{slug}": schemas.CompanyDocuments(
            slug=COMPANY.slug,
            name=COMPANY.name,
            years=list(COMPANY.years),
            documents=[schemas.Document.of(RECORD)],
            links=schemas.company_links(COMPANY),
        ),
        "GET /v1/companies/{slug}/history": _history(),
        "GET /v1/compare": schemas.Comparison(companies=[compared]),
    }


def _history() -> schemas.History:
    """As the question `history` is answered (esg/lake/queries); a first report has changed nothing."""
    year = {
        "company": COMPANY.name,
        "year": COMPANY.years[0],
        "overall": CARD.overall.score,
        "grade": CARD.overall.grade,
        "documents": COMPANY.documents,
    }
    levels = {theme.code: theme.level for theme in sorted(CARD.themes, key=lambda theme: theme.code)}
    return schemas.History(slug=COMPANY.slug, name=COMPANY.name, levels=[year | levels], changes=[])


def _of_questions() -> dict[str, BaseModel]:
    further = f"q={quote_plus(QUESTION)}&k=1&cursor={cursors.write(1, str(RECORD.created_at))}"
    return {
        "GET /v1/search": schemas.SearchResults(
            query=QUESTION, results=[schemas.Found.of(HIT, RECORD)], next=f"/v1/search?{further}"
        ),
        "POST /score": first_shape.scored(COMPANY, COMPANY.years[0], card=CARD, hits=[HIT]),
        "GET /trace": first_shape.traced(COMPANY, COMPANY.years[0], card=CARD),
    }


def _of_operation() -> dict[str, BaseModel]:
    return {
        "GET /health": schemas.Health(service="esg-api", timestamp="2025-03-14T09:30:24.800Z"),
        "GET /live": schemas.Live(),
        "GET /ready": schemas.Ready(),
    }


def _scorecard() -> Mapping[str, Examples]:
    lines = report.to_csv([CARD]).splitlines(keepends=True)[:CSV_LINES]
    return {
        "application/json": {
            "example": {"summary": "An excerpt; the rest reads alike.", "value": report.to_dict(CARD)}
        },
        "text/csv": {"example": {"summary": "Its first lines.", "value": "".join(lines)}},
    }


def _event(job: Job) -> dict[str, Any]:
    """An event as its three lines are read."""
    lines = progress.event(job).splitlines()
    return {"value": dict(line.split(": ", maxsplit=1) for line in lines if line)}
