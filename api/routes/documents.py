"""/v1/documents: send a report; read its record, scorecard, key figures and pages."""

import json
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from api import bulk, cursors, schemas, submissions, tags
from api.cards import Format, answer
from api.cursors import Limit, Narrowed
from api.deps import DocumentId, EvidenceId, House, PageNumber, Reader, Submitter, TheHouse, TheTrace
from api.drawing import drawn, quoted_on
from api.once import Answer, Once, TheOnce
from api.problems import Problem, unsupported
from api.traces import Trace
from esg.domain import MediaType

router = APIRouter(prefix="/v1/documents", tags=["documents"])

FOREVER = "private, max-age=31536000, immutable"

ONE_REPORT = "A report is sent as multipart/form-data, or named by its URL in application/json."
REPORTS = "Reports are named by URLs in application/json, or sent as application/zip."

FILE_FORM: dict[str, Any] = {
    "type": "object",
    "required": ["file"],
    "additionalProperties": False,
    "properties": {
        "file": {"type": "string", "format": "binary", "description": "PDF, HTML or DOCX."},
        **schemas.Wishes.model_json_schema()["properties"],
    },
}
REPORT_KINDS = ", ".join((MediaType.PDF, MediaType.HTML, MediaType.DOCX))
REPORT_FORM = {"schema": FILE_FORM, "encoding": {"file": {"contentType": REPORT_KINDS}}}
ZIP_FORM = {"schema": FILE_FORM, "encoding": {"file": {"contentType": "application/zip"}}}


@router.post(
    "",
    status_code=202,
    response_model=schemas.Accepted,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": REPORT_FORM,
                "application/json": {"schema": {"$ref": "#/components/schemas/UrlSubmission"}},
            },
        }
    },
)
async def submit(
    request: Request, response: Response, caller: Submitter, house: TheHouse, trace: TheTrace, once: TheOnce
) -> schemas.Accepted:
    """Send a report as a file (multipart) or name its URL (JSON)."""
    await run_in_threadpool(submissions.admit, house, once)
    match submissions.kind_of(request):
        case "multipart/form-data":
            accepted = await _submit_form(request, house, trace, once)
        case "application/json":
            submission = await submissions.read_json(request, schemas.UrlSubmission)
            accepted = await submissions.submit_url(house, trace, once, submission)
        case _:
            raise unsupported(ONE_REPORT)
    response.headers["Location"] = accepted.links["job"]
    return accepted


async def _submit_form(request: Request, house: House, trace: Trace, once: Once) -> schemas.Accepted:
    async with submissions.open_form(request) as form:
        return await submissions.submit_file(house, trace, once, _file_of(form), submissions.fields_of(form))


def _file_of(form: FormData) -> UploadFile:
    file = submissions.file_of(form)
    if file is None:
        raise no_file()
    return file


def no_file() -> Problem:
    return Problem(422, "The form has no file.", code="no_file", next_step="Send -F file=@report.pdf")


@router.post(
    "/bulk",
    status_code=202,
    response_model=schemas.AcceptedBulk,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/BulkRequest"}},
                "application/zip": {"schema": {"type": "string", "format": "binary"}},
                "multipart/form-data": ZIP_FORM,
            },
        }
    },
)
async def submit_bulk(
    request: Request, caller: Submitter, house: TheHouse, trace: TheTrace, once: TheOnce
) -> Answer:
    """Send up to 1,000 reports: a list of URLs, or a ZIP of files (as it is, or as `file` of a form).

    The answer has a row for each, with its job or the reason why it has none; folders of a ZIP are left out.
    """
    await run_in_threadpool(submissions.admit, house, once)
    match submissions.kind_of(request):
        case "application/json":
            asked = await submissions.read_json(request, schemas.BulkRequest)
            return await run_in_threadpool(bulk.submit_urls, house, trace, once, asked)
        case "application/zip":
            async with bulk.body_file(request) as file:
                return await run_in_threadpool(bulk.submit_zip, house, trace, once, file, schemas.Wishes())
        case "multipart/form-data":
            async with submissions.open_form(request) as form:
                sent, wishes = _file_of(form), submissions.fields_of(form)
                return await run_in_threadpool(bulk.submit_zip, house, trace, once, sent.file, wishes)
        case _:
            raise unsupported(REPORTS)


@router.get("/bulk", include_in_schema=False)
def not_a_document(caller: Reader) -> None:
    """A name of a route, not of a document."""
    raise HTTPException(405)


@router.get("", response_model=schemas.Documents)
def listed(
    request: Request,
    caller: Reader,
    house: TheHouse,
    narrowed: Narrowed,
    limit: Limit = 50,
    state: schemas.DocumentState | None = None,
) -> schemas.Documents:
    """The newest documents first."""
    wanted = replace(narrowed, state=state)
    records, further = cursors.piece(
        request,
        house.state.list_documents(limit + 1, wanted),
        limit,
        lambda record: (str(record.created_at), record.document.id),
    )
    return schemas.Documents(documents=[schemas.Document.of(record) for record in records], next=further)


@router.get("/{document_id}", response_model=schemas.Document)
def read(caller: Reader, document_id: DocumentId, house: TheHouse) -> schemas.Document:
    """What is known about a report, and what became of it."""
    return schemas.Document.of(house.state.document(document_id))


@router.get("/{document_id}/scorecard", responses=schemas.CARD_RESPONSES, response_class=Response)
def scorecard(
    request: Request, caller: Reader, document_id: DocumentId, house: TheHouse, kind: Format = "json"
) -> Response:
    """The newest scorecard: canonical JSON, one HTML page that stands alone, CSV, Parquet or PDF."""
    data = house.shelf.card_json(document_id)
    return answer(request, house, data, kind=kind, name=document_id[:12])


@router.get("/{document_id}/kpis", response_model=schemas.Kpis, responses=schemas.NOT_MODIFIED)
def kpis(
    request: Request, response: Response, caller: Reader, document_id: DocumentId, house: TheHouse
) -> schemas.Kpis | Response:
    """The key figures of the newest scorecard."""
    data = house.shelf.card_json(document_id)
    tag = tags.tag_of(data, "kpis")
    if known := tags.unchanged(request, tag):
        return known
    response.headers.update(tags.headers(tag))
    return schemas.Kpis(document_id=document_id, kpis=json.loads(data)["kpis"])


@router.get(
    "/{document_id}/pages/{number}.png",
    responses={200: {"content": {"image/png": {}}}, **schemas.NOT_MODIFIED},
    response_class=Response,
)
async def page(
    request: Request,
    caller: Reader,
    document_id: DocumentId,
    number: PageNumber,
    house: TheHouse,
    evidence: EvidenceId = None,
    crop: Annotated[bool, Query(description="Only the part around the quote.")] = False,
) -> Response:
    """A page as it looks, the quote highlighted."""
    quoted = await run_in_threadpool(quoted_on, house, document_id, number, evidence)
    is_crop = crop and quoted is not None
    tag = house.images.tag(document_id, number, quoted, is_crop=is_crop)
    if known := tags.unchanged(request, tag, FOREVER):
        return known
    data = await drawn(house, document_id, number, quoted, is_crop=is_crop)
    return Response(data, media_type="image/png", headers=tags.headers(tag, FOREVER))
