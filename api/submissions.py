"""A file or a URL from outside → bytes in the lake, a job in SQL, a hint to the fleet."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import PurePath
from typing import Any, BinaryIO, TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import HttpUrl, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from api import schemas
from api.deps import House
from api.guard import too_big
from api.once import Answer, Once
from api.once import name_of as name_one
from api.problems import Problem
from api.traces import Trace
from esg import webhook
from esg.domain import Arrival, Document
from esg.errors import Misconfigured
from esg.fetch import check_url, from_file
from esg.report import one_line
from esg.state import Job
from esg.state import Request as Submission

NAME_CHARACTERS = 200
RETRY_AFTER_SECONDS = 30
FIELD_BYTES = 16 * 1024

Model = TypeVar("Model", bound=schemas.Strict)


def open_form(request: Request) -> AbstractAsyncContextManager[FormData]:
    """Take a form in; its file goes to disk as it comes, and the guard ends it at the size limit."""
    return request.form(max_files=1, max_fields=8, max_part_size=FIELD_BYTES)


def file_of(form: FormData) -> UploadFile | None:
    """The form's file; a browser sends an empty one without a name when none was chosen."""
    file = form.get("file")
    return file if isinstance(file, UploadFile) and file.filename else None


def fields_of(form: FormData) -> schemas.Wishes:
    return _checked(
        schemas.Wishes, {k: v for k, v in form.items() if k != "file" and isinstance(v, str) and v}
    )


def url_of(form: FormData) -> schemas.UrlSubmission:
    fields = {k: v.strip() for k, v in form.items() if k != "file" and isinstance(v, str) and v.strip()}
    return _checked(schemas.UrlSubmission, fields)


def admit(house: House, once: Once) -> None:
    """Refuse new work while too much waits: a Problem with 429 and Retry-After; what was done is told."""
    if once.is_answered():
        return
    backlog, limit = house.state.backlog(), house.settings.max_backlog
    if backlog > limit:
        house.metrics.refused.labels("backlog").inc()
        raise too_much(backlog, limit)


def too_much(backlog: int, limit: int) -> Problem:
    """The answer to new work while more waits than the limit."""
    return Problem(
        429,
        f"{backlog:,} stage runs are waiting; no more is taken in above {limit:,}.",
        code="backlog",
        next_step="Send it again later.",
        headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
    )


async def submit_file(
    house: House, trace: Trace, once: Once, file: UploadFile, wishes: schemas.Wishes
) -> schemas.Accepted:
    """Keep an upload and accept it as a job; raises Rejected for what is no PDF, HTML or DOCX."""
    return await run_in_threadpool(_submit_file, house, trace, once, file, wishes)


async def submit_url(
    house: House, trace: Trace, once: Once, submission: schemas.UrlSubmission
) -> schemas.Accepted:
    """Accept a URL as a job; it is fetched by the fleet. Raises Rejected for one that never could be."""
    check_url(str(submission.url))
    return await run_in_threadpool(_submit_url, house, trace, once, submission)


def _submit_file(
    house: House, trace: Trace, once: Once, file: UploadFile, wishes: schemas.Wishes
) -> schemas.Accepted:
    limit = house.settings.max_document_bytes
    if (file.size or 0) > limit:  # the guard counts the whole form
        raise too_big(limit)
    arrival = from_file(file.file, name=name_of(file))
    asked = {"sha256": arrival.document_id, "name": arrival.source, **said(wishes)}
    answer = once.answer(
        "POST /v1/documents", asked, lambda seed: keep(house, trace, seed, arrival, file.file, wishes)
    )
    return schemas.Accepted.model_validate(answer)


def _submit_url(
    house: House, trace: Trace, once: Once, submission: schemas.UrlSubmission
) -> schemas.Accepted:
    answer = once.answer(
        "POST /v1/documents",
        said(submission),
        lambda seed: accept(house, trace, seed, str(submission.url), None, submission),
    )
    return schemas.Accepted.model_validate(answer)


def keep(
    house: House, trace: Trace, job_id: str, arrival: Arrival, file: BinaryIO, wishes: schemas.Wishes
) -> Answer:
    """Put a file into the lake, and accept it."""
    house.metrics.uploads.inc(arrival.size_bytes)
    document_id = house.resources.lake.put_file(arrival, file)
    return accept(house, trace, job_id, arrival.source, document_id, wishes)


def accept(
    house: House, trace: Trace, job_id: str, source: str, document_id: str | None, wishes: schemas.Wishes
) -> Answer:
    """Write a job down, and hint the fleet at it."""
    (job,) = house.state.submit_all([request(house, trace, job_id, source, document_id, wishes)])
    house.publisher.nudge()
    return schemas.Accepted.of(job).model_dump(mode="json")


def request(
    house: House, trace: Trace, job_id: str, source: str, document_id: str | None, wishes: schemas.Wishes
) -> Submission:
    """What is asked of the state; raises Rejected or a Problem for what could never be."""
    rubric = _rubric(house, wishes.rubric)
    return Submission(
        job_id=job_id,
        source=source,
        company=wishes.company,
        year=wishes.year,
        document_id=document_id,
        rubric=house.state.policy.rubric if rubric is None else rubric,
        trace=trace.traceparent,
        webhook=_webhook(house, wishes.webhook),
    )


def score_again(
    house: House, trace: Trace, seed: str, documents: Sequence[Document], asked: schemas.ScoreRequest
) -> list[Job]:
    """Accept a job for each document; a rubric whose file has changed is another one from now on."""
    key = _rubric(house, asked.rubric or house.settings.rubric)
    told = _webhook(house, asked.webhook)
    jobs = [
        house.state.submit_again(
            document,
            job_id=name_one(seed, document.id),
            rubric=key,
            force=asked.force,
            webhook=told,
            trace=trace.traceparent,
        )
        for document in documents
    ]
    house.publisher.nudge()
    return jobs


def _webhook(house: House, url: HttpUrl | None) -> str:
    """Whom to tell; raises Rejected for an address that is not public."""
    if url is None:
        return ""
    webhook.check(str(url), allow_private=house.settings.fetch_allow_private)
    return str(url)


def said(wishes: schemas.Wishes) -> dict[str, Any]:
    return wishes.model_dump(mode="json", exclude_none=True)


def name_of(file: UploadFile) -> str:
    return one_name(file.filename or "")


def one_name(given: str) -> str:
    """A file's own name: no folders, one visible line."""
    name = one_line(PurePath(given.replace("\\", "/")).name)
    return name[-NAME_CHARACTERS:] or "upload"


def _rubric(house: House, rubric: str | None) -> str | None:
    if rubric is None:
        return None
    try:
        return house.resources.rubric_key(rubric)
    except Misconfigured as error:
        raise no_rubric(rubric) from error


def no_rubric(name: str) -> Problem:
    return Problem(422, f"There is no rubric {name!r}.", code="no_such_rubric")


def _checked(model: type[Model], fields: Mapping[str, object]) -> Model:
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise _refused(error) from error


def kind_of(request: Request) -> str:
    """The media type of a body, without its parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_json(request: Request, model: type[Model]) -> Model:
    """Take a JSON body in."""
    try:
        return model.model_validate_json(await request.body())
    except ValidationError as error:
        raise _refused(error) from error


def _refused(error: ValidationError) -> RequestValidationError:
    return RequestValidationError([{**found, "loc": ("body", *found["loc"])} for found in error.errors()])
