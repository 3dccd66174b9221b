"""/ and /jobs: send a report, see how far it has come."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from api import fleet_line, schemas, submissions
from api.deps import House, JobId, Reader, Submitter, TheHouse, TheTrace
from api.once import Once
from api.pages import page
from api.traces import Trace
from esg.errors import Rejected
from esg.state import Wanted

router = APIRouter()

RECENT = 50
REFRESH_SECONDS = 2  # without JavaScript
STAGES = (  # and what a reader calls them
    ("ingest", "Read", "pages and tables out of the file"),
    ("embed", "Embed", "passages into vectors"),
    ("index", "Index", "passages made searchable"),
    ("score", "Score", "evidence, levels and figures"),
)


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
    """How far a job has come; leads to the scorecard once there is one."""
    found = house.state.job(job_id)
    if found.state == "scored":
        return RedirectResponse(f"/documents/{found.document_id}", status_code=303)
    refresh = None if found.is_over else REFRESH_SECONDS
    return page("job.html.j2", job=found, stages=STAGES, refresh=refresh)


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
    documents = house.state.list_documents(RECENT, Wanted(is_over=True))
    cards = house.state.scorecards(ids=[record.document.id for record in documents])
    return {
        "here": "/",
        "documents": documents,
        "grades": {card.document_id: card for card in reversed(cards)},
        "jobs": [job for job in jobs if not job.is_over],
        "refused": [job for job in jobs if job.is_over and job.document_id is None],
        "fleet": fleet_line.tell(house),
    }
