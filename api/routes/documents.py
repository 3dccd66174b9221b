"""/v1/documents: send a report; read its record, scorecard, key figures and pages."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from api import schemas, submissions
from api.cards import Format, answer
from api.deps import DocumentId, EvidenceId, House, PageNumber, TheHouse, TheTrace
from api.problems import Problem
from esg import report
from esg.domain import Evidence

router = APIRouter(prefix="/v1/documents", tags=["documents"])

FOREVER = "private, max-age=31536000, immutable"

FILE_FORM = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "format": "binary", "description": "PDF or HTML."},
        "company": {"type": "string"},
        "year": {"type": "integer"},
        "rubric": {"type": "string"},
    },
}


@router.post(
    "",
    status_code=202,
    response_model=schemas.Accepted,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {"schema": FILE_FORM},
                "application/json": {"schema": {"$ref": "#/components/schemas/UrlSubmission"}},
            },
        }
    },
)
async def submit(request: Request, response: Response, house: TheHouse, trace: TheTrace) -> schemas.Accepted:
    """Send a report as a file (multipart) or name its URL (JSON)."""
    await run_in_threadpool(submissions.admit, house)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        async with submissions.open_form(request) as form:
            file = submissions.file_of(form)
            if file is None:
                raise Problem(
                    422, "The form has no file.", code="no_file", next_step="Send -F file=@report.pdf"
                )
            job = await submissions.submit_file(house, trace, file, submissions.fields_of(form))
    elif kind == "application/json":
        job = await submissions.submit_url(house, trace, await submissions.read_json(request))
    else:
        raise Problem(
            415,
            "A report is sent as multipart/form-data, or named by its URL in application/json.",
            code="unsupported_media_type",
        )
    links = schemas.job_links(job)
    response.headers["Location"] = links["job"]
    return schemas.Accepted(job_id=job.id, document_id=job.document_id, links=links)


@router.get("/{document_id}", response_model=schemas.Document)
def read(document_id: DocumentId, house: TheHouse) -> schemas.Document:
    """What is known about a report, and what became of it."""
    return schemas.Document.of(house.state.document(document_id))


@router.get("/{document_id}/scorecard", responses=schemas.CARD_RESPONSES, response_class=Response)
def scorecard(request: Request, document_id: DocumentId, house: TheHouse, kind: Format = "json") -> Response:
    """The newest scorecard: canonical JSON, one HTML page that stands alone, CSV, Parquet or PDF."""
    data = house.shelf.card_json(document_id)
    return answer(request, house, data, kind=kind, name=document_id[:12])


@router.get("/{document_id}/kpis", response_model=schemas.Kpis)
def kpis(document_id: DocumentId, house: TheHouse) -> schemas.Kpis:
    """The key figures of the newest scorecard."""
    card = report.to_dict(house.shelf.card(document_id))
    return schemas.Kpis(document_id=document_id, kpis=card["kpis"])


@router.get(
    "/{document_id}/pages/{number}.png",
    responses={200: {"content": {"image/png": {}}}},
    response_class=Response,
)
def page(
    document_id: DocumentId,
    number: PageNumber,
    house: TheHouse,
    evidence: EvidenceId = None,
    crop: Annotated[bool, Query(description="Only the part around the quote.")] = False,
) -> Response:
    """A page as it looks, the quote highlighted."""
    quoted = house.shelf.evidence(document_id, evidence) if evidence else None
    if quoted and quoted.page != number:
        detail = f"Evidence {quoted.id} stands on page {quoted.page}."
        raise Problem(404, detail, code="other_page")
    data = _drawn(house, document_id, number, quoted, is_crop=crop and quoted is not None)
    return Response(data, media_type="image/png", headers={"Cache-Control": FOREVER})


def _drawn(house: House, document_id: str, number: int, quoted: Evidence | None, *, is_crop: bool) -> bytes:
    known = house.images.get(document_id, number, quoted, is_crop=is_crop)
    if known is not None:
        return known
    shown = house.shelf.page(document_id, number)
    return house.images.draw(house.shelf.original(document_id), shown, quoted, is_crop=is_crop)
