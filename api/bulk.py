"""Many reports in one request, as a list of URLs or a ZIP → a row for each: its job, or why it has none."""

import hashlib
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, BinaryIO

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from api import problems, schemas, submissions
from api.deps import House
from api.once import Answer, Once, name_of
from api.problems import Problem
from api.traces import Trace
from esg.errors import EsgError
from esg.fetch import ArchiveLimits, Unpacked, check_url, from_file, unpack
from esg.state import Request as Submission

ROUTE = "POST /v1/documents/bulk"

Row = dict[str, Any]
Act = Callable[[], Answer]


def submit_urls(house: House, trace: Trace, once: Once, asked: schemas.BulkRequest) -> Answer:
    """Accept each URL that can be fetched, all in one transaction."""

    def act(seed: str) -> Answer:
        requests = list[Submission]()

        def request(place: int, given: Row) -> Answer:
            requests.append(_request(house, trace, name_of(seed, place), given))
            return {}

        rows = [
            _row(str(given.get("url", ""))[: schemas.LONGEST_SOURCE], partial(request, place, given))
            for place, given in enumerate(asked.documents)
        ]
        jobs = iter(house.state.submit_all(requests))
        for row in rows:
            if row["job"] is not None:
                row["job"] = schemas.Accepted.of(next(jobs)).model_dump(mode="json")
        house.publisher.nudge()
        return _answer(rows)

    return once.answer(ROUTE, asked.model_dump(mode="json"), act)


def submit_zip(house: House, trace: Trace, once: Once, file: BinaryIO, wishes: schemas.Wishes) -> Answer:
    """Accept each report of a ZIP; raises Rejected for what is none."""
    limits = ArchiveLimits(
        schemas.MOST_DOCUMENTS, house.settings.max_document_bytes, house.settings.max_bulk_bytes
    )

    def rows(seed: str) -> Iterator[Row]:
        for place, unpacked in enumerate(unpack(file, limits=limits)):
            name = submissions.one_name(unpacked.name)
            yield _row(name, lambda: _keep(house, trace, name_of(seed, place), unpacked, wishes))  # noqa: B023

    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # it reads in pieces
    asked = {"sha256": digest, **submissions.said(wishes)}
    return once.answer(ROUTE, asked, lambda seed: _answer(rows(seed)))


@asynccontextmanager
async def body_file(request: Request) -> AsyncIterator[BinaryIO]:
    """Take a whole body to disk as it comes; the guard ends it at the limit."""
    with tempfile.TemporaryFile() as file:
        async for piece in request.stream():
            await run_in_threadpool(file.write, piece)
        yield file


def _request(house: House, trace: Trace, job_id: str, given: Row) -> Submission:
    submission = schemas.UrlSubmission.model_validate(given)
    check_url(str(submission.url))
    return submissions.request(house, trace, job_id, str(submission.url), None, submission)


def _keep(house: House, trace: Trace, job_id: str, unpacked: Unpacked, wishes: schemas.Wishes) -> Answer:
    if unpacked.file is None:
        raise unpacked.refusal or AssertionError("neither a file nor a reason")
    arrival = from_file(unpacked.file, name=submissions.one_name(unpacked.name))
    return submissions.keep(house, trace, job_id, arrival, unpacked.file, wishes)


def _row(source: str, act: Act) -> Row:
    """What became of one: an error of its own is in its row, and the rest goes on."""
    try:
        return {"source": source, "job": act(), "problem": None}
    except ValidationError as error:
        problem = problems.of_validation(error.errors())
    except Problem as error:
        problem = error
    except EsgError as error:
        problem = problems.of_error(error)
    if problem.status_code >= 500:  # not this one's fault: all of it is asked for again
        raise problem
    return {"source": source, "job": None, "problem": problems.document(problem)}


def _answer(rows: Iterable[Row]) -> Answer:
    """Sum up; raises a Problem where not one was accepted."""
    told = list(rows)
    accepted = sum(row["job"] is not None for row in told)
    if not accepted:
        raise Problem(422, "There is no report in it that can be read.", code="nothing_accepted", rows=told)
    return {"accepted": accepted, "refused": len(told) - accepted, "rows": told}
