"""A file or a URL from outside → bytes in the lake, a job in SQL, a hint to the fleet."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import PurePath
from typing import TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from api import schemas
from api.deps import House
from api.guard import too_big
from api.problems import Problem
from api.traces import Trace
from esg.domain import Document
from esg.errors import Misconfigured
from esg.fetch import check_url, from_bytes
from esg.report import one_line
from esg.state import Job

NAME_CHARACTERS = 200
RETRY_AFTER_SECONDS = 30
FIELD_BYTES = 16 * 1024
IN_MEMORY_AT_ONCE = 2  # uploads read back from disk to be named and kept: each up to the size limit

Model = TypeVar("Model", bound=schemas.Strict)

_memory = asyncio.Semaphore(IN_MEMORY_AT_ONCE)


class FileFields(schemas.Strict):
    """What may stand beside a file."""

    company: schemas.Company | None = None
    year: schemas.Year | None = None
    rubric: schemas.RubricId | None = None


def open_form(request: Request) -> AbstractAsyncContextManager[FormData]:
    """Take a form in; its file goes to disk as it comes, and the guard ends it at the size limit."""
    return request.form(max_files=1, max_fields=8, max_part_size=FIELD_BYTES)


def file_of(form: FormData) -> UploadFile | None:
    """The form's file; a browser sends an empty one without a name when none was chosen."""
    file = form.get("file")
    return file if isinstance(file, UploadFile) and file.filename else None


def fields_of(form: FormData) -> FileFields:
    return _checked(FileFields, {k: v for k, v in form.items() if k != "file" and isinstance(v, str) and v})


def url_of(form: FormData) -> schemas.UrlSubmission:
    fields = {k: v.strip() for k, v in form.items() if k != "file" and isinstance(v, str) and v.strip()}
    return _checked(schemas.UrlSubmission, fields)


def admit(house: House) -> None:
    """Refuse new work while too much waits: a Problem with 429 and Retry-After."""
    backlog, limit = house.state.backlog(), house.settings.max_backlog
    if backlog > limit:
        house.metrics.refused.labels("backlog").inc()
        raise Problem(
            429,
            f"{backlog:,} stage runs are waiting; no more is taken in above {limit:,}.",
            code="backlog",
            next_step="Send it again later.",
            headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
        )


async def submit_file(house: House, trace: Trace, file: UploadFile, fields: FileFields) -> Job:
    """Keep an upload and accept it as a job; raises Rejected for what is neither PDF nor HTML."""
    async with _memory:
        return await run_in_threadpool(_keep, house, trace, file, fields)


async def submit_url(house: House, trace: Trace, submission: schemas.UrlSubmission) -> Job:
    """Accept a URL as a job; it is fetched by the fleet. Raises Rejected for one that never could be."""
    check_url(str(submission.url))
    return await run_in_threadpool(_accept, house, trace, str(submission.url), None, submission)


def _keep(house: House, trace: Trace, file: UploadFile, fields: FileFields) -> Job:
    limit = house.settings.max_document_bytes
    if (file.size or 0) > limit:  # the guard counts the whole form
        raise too_big(limit)
    data = file.file.read()
    fetched = from_bytes(data, name=name_of(file))
    house.metrics.uploads.inc(len(data))
    return _accept(house, trace, fetched.source, house.resources.lake.put_original(fetched), fields)


def _accept(
    house: House,
    trace: Trace,
    source: str,
    document_id: str | None,
    fields: FileFields | schemas.UrlSubmission,
) -> Job:
    job = house.state.submit(
        source,
        company=fields.company,
        year=fields.year,
        document_id=document_id,
        rubric=_rubric(house, fields.rubric),
        trace=trace.traceparent,
    )
    house.publisher.nudge()
    return job


def score_again(
    house: House, trace: Trace, documents: Sequence[Document], *, rubric: str | None, force: bool
) -> list[Job]:
    """Accept a job for each document; a rubric whose file has changed is another one from now on."""
    key = _rubric(house, rubric or house.settings.rubric)
    jobs = [
        house.state.submit_again(document, rubric=key, force=force, trace=trace.traceparent)
        for document in documents
    ]
    house.publisher.nudge()
    return jobs


def name_of(file: UploadFile) -> str:
    """The upload's own name: no folders, one visible line."""
    name = one_line(PurePath((file.filename or "").replace("\\", "/")).name)
    return name[-NAME_CHARACTERS:] or "upload"


def _rubric(house: House, rubric: str | None) -> str | None:
    if rubric is None:
        return None
    try:
        return house.resources.rubric_key(rubric)
    except Misconfigured as error:
        raise Problem(422, f"There is no rubric {rubric!r}.", code="no_such_rubric") from error


def _checked(model: type[Model], fields: Mapping[str, object]) -> Model:
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise _refused(error) from error


async def read_json(request: Request) -> schemas.UrlSubmission:
    """Take a JSON body in."""
    try:
        return schemas.UrlSubmission.model_validate_json(await request.body())
    except ValidationError as error:
        raise _refused(error) from error


def _refused(error: ValidationError) -> RequestValidationError:
    return RequestValidationError([{**found, "loc": ("body", *found["loc"])} for found in error.errors()])
