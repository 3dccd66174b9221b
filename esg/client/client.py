"""`Client`: one method for each thing that is asked of the API."""

import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import httpx

from esg.client.events import Event, parse
from esg.client.problem import LATER, ApiProblem, Unreachable, check
from esg.errors import Misconfigured

Json = dict[str, Any]

TIMEOUT_SECONDS = 60.0
ATTEMPTS = 4  # at what may be asked twice: reading, and sending under an Idempotency-Key
LONGEST_PAUSE_SECONDS = 30.0
STREAM_TIMEOUT = httpx.Timeout(TIMEOUT_SECONDS, read=45.0)  # the API breaks its silence every 15 s


class Client:
    """Speaks to one API; close it, or use it in a `with` block. Not to be shared between threads.

    Every method raises ApiProblem for an answer that is no success, and Unreachable where there is none. What
    fails for a moment is tried again, a submission under a key of its own: it is one job however often sent.
    Made with what is no address or no key, it raises Misconfigured.
    """

    def __init__(
        self, url: str, *, key: str = "", timeout_seconds: float = TIMEOUT_SECONDS, attempts: int = ATTEMPTS
    ) -> None:
        headers = {"Authorization": f"Bearer {_checked_key(key)}"} if key else {}
        self._http = httpx.Client(base_url=_checked_url(url), headers=headers, timeout=timeout_seconds)
        self._attempts = attempts

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    # -- submitting

    def submit(
        self,
        source: str | Path,
        *,
        company: str | None = None,
        year: int | None = None,
        rubric: str | None = None,
        webhook: str | None = None,
        idempotency_key: str | None = None,
    ) -> Json:
        """Send a file, or name a URL; gives {job_id, document_id, links}. Raises OSError for a file."""
        said = {"company": company, "year": year, "rubric": rubric, "webhook": webhook}
        wishes = {name: value for name, value in said.items() if value is not None}
        headers = {"Idempotency-Key": idempotency_key or uuid.uuid4().hex}
        if str(source).startswith(("http://", "https://")):
            body = {"url": str(source), **wishes}
            return self._json("POST", "/v1/documents", json=body, headers=headers)
        with Path(source).open("rb") as file:
            form = {"files": {"file": (Path(source).name, file)}, "data": wishes}
            return self._json("POST", "/v1/documents", file=file, headers=headers, **form)

    def cancel(self, job_id: str) -> Json:
        """Cancel a job that is not over; gives the job."""
        return self._json("DELETE", f"/v1/jobs/{job_id}")

    # -- following

    def job(self, job_id: str) -> Json:
        return self._json("GET", f"/v1/jobs/{job_id}")

    def jobs(self, **filters: str | int) -> Iterator[Json]:
        """Every job, the newest first, narrowed by state, company, year and since; read piece by piece."""
        return self._walk("/v1/jobs", "jobs", filters)

    def events(self, job_id: str) -> Iterator[Event]:
        """Follow a job to its end; a stream that breaks off is taken up where it ended."""
        last_id, failures = "", 0
        while True:
            try:
                for event in self._stream(job_id, last_id):
                    last_id, failures = event.id, 0
                    yield event
                    if event.name == "end":
                        return
            except Unreachable:
                failures += 1
                if failures >= self._attempts:
                    raise
                time.sleep(_pause(failures, None))

    def wait(
        self,
        job_id: str,
        *,
        timeout_seconds: float | None = None,
        on_progress: Callable[[Json], None] = lambda job: None,
    ) -> Json:
        """Wait for the end of a job, whatever it is, and give it; raises TimeoutError."""
        until = None if timeout_seconds is None else time.monotonic() + timeout_seconds
        for event in self.events(job_id):
            on_progress(event.job)
            if event.name == "end":
                return event.job
            if until is not None and time.monotonic() > until:
                break
        raise TimeoutError(f"The job {job_id} is not over after {timeout_seconds} s.")

    # -- reading

    def document(self, document_id: str) -> Json:
        return self._json("GET", f"/v1/documents/{document_id}")

    def documents(self, **filters: str | int) -> Iterator[Json]:
        """Every document, the newest first, narrowed by state, company, year and since."""
        return self._walk("/v1/documents", "documents", filters)

    def companies(self, **filters: str | int) -> Iterator[Json]:
        return self._walk("/v1/companies", "companies", filters)

    def scorecard(self, document_id: str) -> Json:
        """The newest scorecard of a document (esg.scorecard/1)."""
        return self._json("GET", f"/v1/documents/{document_id}/scorecard")

    def rendered(self, document_id: str, kind: str) -> bytes:
        """The newest scorecard as html (one file with its pictures), csv or json."""
        path = f"/v1/documents/{document_id}/scorecard"
        return self._ask("GET", path, params={"format": kind}).content

    def company_scorecard(self, slug: str, year: int | None = None) -> Json:
        """A company's year over all its documents, its newest where none is given."""
        return self._json("GET", f"/v1/companies/{slug}/scorecard", params=_given(year=year))

    def company_rendered(self, slug: str, kind: str, year: int | None = None) -> bytes:
        """The same of a company's year."""
        asked = {"format": kind, **_given(year=year)}
        return self._ask("GET", f"/v1/companies/{slug}/scorecard", params=asked).content

    def search(self, query: str, *, k: int = 10, careful: bool = False, **filters: str | int) -> list[Json]:
        """The passages nearest to a question, narrowed by company, year, since and document."""
        asked = {"q": query, "k": k, "careful": careful, **filters}
        found: list[Json] = self._json("GET", "/v1/search", params=asked)["results"]
        return found

    def compare(self, companies: Sequence[str], year: int | None = None) -> list[Json]:
        """{slug, name, year, scorecard} of each company, in the order given."""
        asked = {"company": list(companies), **_given(year=year)}
        found: list[Json] = self._json("GET", "/v1/compare", params=asked)["companies"]
        return found

    def page_png(self, document_id: str, number: int, evidence: str | None = None) -> bytes:
        """A page as it looks, a quote highlighted where one is named."""
        path = f"/v1/documents/{document_id}/pages/{number}.png"
        return self._ask("GET", path, params=_given(evidence=evidence)).content

    # --

    def _json(self, method: str, path: str, **asked: Any) -> Json:
        found: Json = self._ask(method, path, **asked).json()
        return found

    def _ask(self, method: str, path: str, *, file: BinaryIO | None = None, **asked: Any) -> httpx.Response:
        """Ask, again where it fails for a moment; a file is sent in pieces, each time from its start."""
        for attempt in range(1, self._attempts + 1):
            if file is not None:
                file.seek(0)
            try:
                with _translated():
                    response = self._http.request(method, path, **asked)
                return check(response)
            except (ApiProblem, Unreachable) as error:
                self._wait_or_raise(error, attempt)
        raise AssertionError("the last attempt raises")

    def _wait_or_raise(self, error: ApiProblem | Unreachable, attempt: int) -> None:
        is_passing = isinstance(error, Unreachable) or error.status in LATER
        if not is_passing or attempt == self._attempts:
            raise error
        time.sleep(_pause(attempt, error.retry_after_seconds))

    def _walk(self, path: str, key: str, filters: Mapping[str, str | int]) -> Iterator[Json]:
        found = self._json("GET", path, params=dict(filters))
        yield from found[key]
        while found["next"]:
            found = self._json("GET", found["next"])
            yield from found[key]

    def _stream(self, job_id: str, last_id: str) -> Iterator[Event]:
        path = f"/v1/jobs/{job_id}/events"
        asked: dict[str, Any] = {"headers": {"Last-Event-ID": last_id}, "timeout": STREAM_TIMEOUT}
        with _translated(), self._http.stream("GET", path, **asked) as response:
            if not response.is_success:
                response.read()
                check(response)
            yield from parse(response.iter_lines())
        raise Unreachable("The stream of events ended before its job.")


def _checked_url(url: str) -> httpx.URL:
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise _no_address(url) from error
    if address.scheme not in ("http", "https") or not address.host:
        raise _no_address(url)
    return address


def _no_address(url: str) -> Misconfigured:
    return Misconfigured(
        f"{url!r} is no address of an API.", next_step="Set ESG_API_URL to one like http://127.0.0.1:8000."
    )


def _checked_key(key: str) -> str:
    if not (key.isascii() and key.isprintable()):
        raise Misconfigured("The API key has characters that no key has.", next_step="Check ESG_API_KEY.")
    return key


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except httpx.TransportError as error:
        raise Unreachable(f"The API does not answer: {error}.", next_step="Check ESG_API_URL.") from error


def _pause(attempt: int, asked: float | None) -> float:
    return min(LONGEST_PAUSE_SECONDS, asked if asked is not None else 0.25 * 2.0**attempt)


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
