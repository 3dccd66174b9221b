"""/ and its pages: for people with a browser, with or without JavaScript."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from api import schemas, submissions
from api.deps import DocumentId, House, JobId, Reader, Submitter, TheHouse, TheTrace
from api.once import Once
from api.page_images import CROP_SCALE
from api.pages import page
from api.traces import Trace
from esg import report
from esg.domain import Evidence, Page
from esg.errors import Rejected
from esg.extract import Picture

router = APIRouter(include_in_schema=False)

RECENT = 50
REFRESH_SECONDS = 2


@router.get("/", response_class=HTMLResponse)
def home(caller: Reader, house: TheHouse) -> HTMLResponse:
    """Send a report, see what was sent."""
    return page("home.html.j2", **_lists(house))


@router.post("/documents")
async def submit(request: Request, caller: Submitter, house: TheHouse, trace: TheTrace) -> Response:
    """Take the home page's form and lead to the job's page."""
    await run_in_threadpool(submissions.admit, house, Once(house.state))
    async with submissions.open_form(request) as form:
        try:
            accepted = await _submit(house, trace, form)
        except Rejected as error:
            shown = await run_in_threadpool(_lists, house)
            return page("home.html.j2", status=422, error=str(error), **shown)
    return RedirectResponse(f"/jobs/{accepted.job_id}", status_code=303)


@router.get("/jobs/{job_id}", response_class=HTMLResponse)
def job(caller: Reader, job_id: JobId, house: TheHouse) -> Response:
    """How far a job has come; leads to the report once there is one."""
    found = house.state.job(job_id)
    if found.state == "scored":
        return RedirectResponse(f"/documents/{found.document_id}", status_code=303)
    return page("job.html.j2", job=found, refresh=None if found.is_over else REFRESH_SECONDS)


@router.get("/documents/{document_id}", response_class=HTMLResponse)
def document(caller: Reader, document_id: DocumentId, house: TheHouse) -> HTMLResponse:
    """The report page, its evidence images linked to the whole pages."""
    card = house.shelf.card(document_id)
    pages = {shown.number: shown for shown in house.shelf.pages(document_id)}
    html = report.to_html(
        card,
        picture=lambda evidence: _picture(evidence, pages.get(evidence.page)),
        rubric=house.shelf.rubric(card),
        links=_links(document_id),
    )
    policy = report.policy(report.style(), served=True)
    return HTMLResponse(html, headers={"Content-Security-Policy": policy})


async def _submit(house: House, trace: Trace, form: FormData) -> schemas.Accepted:
    file = submissions.file_of(form)
    if file is None and not form.get("url"):
        raise Rejected("There is nothing to read.", code="no_file", next_step="Choose a file or give a URL.")
    if file is None:
        return await submissions.submit_url(house, trace, Once(house.state), submissions.url_of(form))
    fields = FormData([(key, value) for key, value in form.multi_items() if key != "url"])
    return await submissions.submit_file(house, trace, Once(house.state), file, submissions.fields_of(fields))


def _lists(house: House) -> dict[str, Any]:
    jobs = house.state.jobs(RECENT)
    documents = [record for record in house.state.documents() if record.state != "running"]
    return {
        "documents": documents[:RECENT],
        "grades": {card.document_id: card for card in reversed(house.state.scorecards())},
        "jobs": [job for job in jobs if not job.is_over],
        "refused": [job for job in jobs if job.is_over and job.document_id is None],
    }


def _picture(evidence: Evidence, shown: Page | None) -> report.Image | None:
    """Where the image of a quote is and how big it will be, without drawing it."""
    if shown is None:
        return None
    part = report.crop(evidence.boxes, shown.width, shown.height)
    width, height = Picture(shown, evidence.boxes, CROP_SCALE, part).view.size
    whole = f"/v1/documents/{shown.document_id}/pages/{shown.number}.png?evidence={evidence.id}"
    return report.Image(f"{whole}&crop=1", width, height, whole)


def _links(document_id: str) -> list[report.Link]:
    card = f"/v1/documents/{document_id}/scorecard"
    return [
        report.Link("All reports", "/"),
        report.Link("JSON", card),
        report.Link("CSV", f"{card}?format=csv"),
        report.Link("One file", f"{card}?format=html"),
    ]
