"""Tools that have a report read, and tell how far it has come."""

from pathlib import Path
from typing import Annotated

import anyio
from pydantic import Field, HttpUrl
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from api import schemas, submissions
from api.deps import House
from api.mcp.answers import JobAnswer, ScorecardAnswer
from api.mcp.desk import AnyContext, Desk, Visit
from api.once import Once
from api.problems import Problem
from api.publisher import url_of
from esg.state import Job, KeyScope

LOOK_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 600
WAIT_SECONDS = 45  # many assistants give a call a minute
KINDS = (".pdf", ".html", ".htm", ".xhtml", ".docx")
SHARES = {
    "ingest": (0.0, 0.3),
    "embed": (0.3, 0.5),
    "index": (0.8, 0.05),
    "score": (0.85, 0.15),
}  # (from, length)


class Scoring:
    """What a key with the scopes `read` and `submit` may call."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def score_report(
        self,
        context: AnyContext,
        url: Annotated[
            HttpUrl | None, Field(description="Where the report is: a PDF, a web page or a Word document.")
        ] = None,
        path: Annotated[
            str | None, Field(description="Or its file on this machine; only for a server over stdio.")
        ] = None,
        company: Annotated[
            schemas.Company | None, Field(description="Whose report; read from it where not given.")
        ] = None,
        year: Annotated[schemas.Year | None, Field(description="Of which year; the same.")] = None,
        wait_seconds: Annotated[
            int, Field(ge=0, le=LONGEST_WAIT_SECONDS, description="How long to wait for the scorecard.")
        ] = WAIT_SECONDS,
    ) -> JobAnswer:
        """Have a report read and scored, and wait for its scorecard; a long one takes minutes.

        Progress is told while the fleet works. When the wait ends before the work, or the call is cancelled,
        the job goes on: ask job_status by its id. The same report again is answered from what is there.
        """
        visit = await run_in_threadpool(self._desk.admit, context, KeyScope.SUBMIT, KeyScope.READ)
        once = Once(visit.house.state)
        await run_in_threadpool(submissions.admit, visit.house, once)
        job_id = await self._submit(visit, once, url, path, schemas.Wishes(company=company, year=year))
        with anyio.move_on_after(wait_seconds):
            await _follow(context, visit.house, job_id)
        return await run_in_threadpool(_answer, visit.house, job_id)

    def job_status(
        self,
        context: AnyContext,
        job_id: Annotated[str, Field(pattern="^[0-9A-Za-z-]{1,64}$", description="As score_report gave it.")],
    ) -> JobAnswer:
        """Tell how far a report has come; once it is scored, with its scorecard."""
        house = self._desk.admit(context, KeyScope.READ).house
        return _answer(house, job_id)

    async def _submit(
        self, visit: Visit, once: Once, url: HttpUrl | None, path: str | None, wishes: schemas.Wishes
    ) -> str:
        if (url is None) == (path is None):
            raise Problem(422, "Say which report: give url or path.", code="validation")
        if url is not None:
            named = schemas.UrlSubmission(url=url, **wishes.model_dump())
            return (await submissions.submit_url(visit.house, visit.trace, once, named)).job_id
        file = Path(path or "").expanduser()
        if not self._desk.is_stdio:
            raise Problem(
                422,
                "This server cannot see your files.",
                code="no_such_file",
                next_step="Give the report's url, or send it: curl -F file=@report.pdf …/v1/documents",
            )
        if file.suffix.lower() not in KINDS or not file.is_file():
            raise Problem(
                422,
                f"There is no report at {path}.",
                code="no_such_file",
                next_step=f"Give the whole path of a file that ends in {', '.join(KINDS)}.",
            )
        with file.open("rb") as opened:
            upload = UploadFile(opened, filename=file.name, size=file.stat().st_size)
            return (await submissions.submit_file(visit.house, visit.trace, once, upload, wishes)).job_id


async def _follow(context: AnyContext, house: House, job_id: str) -> None:
    """Tell each step of a job on its way, until it is over; the share told never falls."""
    told = -1.0
    while not (job := await run_in_threadpool(house.state.job, job_id)).is_over:
        if (share := _share(job)) > told:
            told = share
            await context.report_progress(share, 1.0, _words(job))
        await anyio.sleep(LOOK_SECONDS)


def _share(job: Job) -> float:
    """How far a job has come, 0 to 1, by the stage it is in."""
    begin, length = SHARES.get(job.stage, (0.0, 0.0))
    part = job.chunks_embedded / job.chunks if job.stage == "embed" and job.chunks else 0.0
    return round(begin + length * part, 3)


def _words(job: Job) -> str:
    if job.stage == "embed" and job.chunks:
        return f"embed: {job.chunks_embedded} of {job.chunks} passages"
    return job.stage or job.state


def _answer(house: House, job_id: str) -> JobAnswer:
    job = house.state.job(job_id)
    is_scored = job.state == "scored" and job.document_id is not None
    return JobAnswer(
        job=schemas.Job.of(job),
        next_step=_next_step(house, job),
        scorecard=ScorecardAnswer.of(house.shelf.card(job.document_id or "")) if is_scored else None,
    )


def _next_step(house: House, job: Job) -> str:
    if job.state == "scored":
        return "Read the quotes behind what you state: get_evidence."
    if job.is_over:
        return "Tell why it was not scored, as `reason` says; another file or url may be."
    if not url_of(house.settings):
        return "No fleet is running to do it: start one with `esg up`, then ask job_status with this id."
    return "Ask job_status with this id again in some seconds."
