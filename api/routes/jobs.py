"""/v1/jobs: how far a submission has come, live, and how to stop it."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from api import cursors, progress, schemas
from api.cursors import Limit, Narrowed
from api.deps import JobId, Reader, Submitter, TheHouse

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

EVENT = {
    "type": "object",
    "description": "One event of the stream: `progress` or, at last, `end`; `data` is the job as JSON.",
    "properties": {name: {"type": "string"} for name in ("event", "id", "data")},
}


@router.get("", response_model=schemas.Jobs)
def listed(
    request: Request,
    caller: Reader,
    house: TheHouse,
    narrowed: Narrowed,
    limit: Limit = 50,
    state: schemas.JobState | None = None,
) -> schemas.Jobs:
    """The newest jobs first."""
    wanted = replace(narrowed, state=state)
    jobs, further = cursors.piece(
        request, house.state.list_jobs(limit + 1, wanted), limit, lambda job: (str(job.created_at), job.id)
    )
    return schemas.Jobs(jobs=[schemas.Job.of(job) for job in jobs], next=further)


@router.get("/{job_id}", response_model=schemas.Job)
def read(caller: Reader, job_id: JobId, house: TheHouse) -> schemas.Job:
    """What became of a submission so far."""
    return schemas.Job.of(house.state.job(job_id))


@router.delete("/{job_id}", response_model=schemas.Job)
def cancel(caller: Submitter, job_id: JobId, house: TheHouse) -> schemas.Job:
    """Cancel a job that is not over; work that no other job wants stops."""
    job = house.state.cancel(job_id)
    house.publisher.nudge()  # whoever is to be told of its end
    return schemas.Job.of(job)


@router.get(
    "/{job_id}/events",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"text/event-stream": {"schema": EVENT}}},
        204: {"description": "It is over, and the listener knows how it ended."},
    },
)
async def events(
    caller: Reader, job_id: JobId, house: TheHouse, last_event_id: Annotated[str, Header(max_length=64)] = ""
) -> Response:
    """The job's state whenever it changes, as server-sent events `progress`, at last `end`."""
    job = await run_in_threadpool(house.state.job, job_id)
    if job.is_over and progress.id_of(job) == last_event_id:
        return Response(status_code=204)  # tells an EventSource not to come back
    return StreamingResponse(
        house.progress.events(job, last_id=last_event_id),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
