"""The same commands with an API elsewhere (ESG_API_URL): asked over HTTP, told as if it were here."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from esg import errors, fetch, report
from esg.cli import progress
from esg.cli.outcome import Outcome
from esg.client import ApiProblem, Client
from esg.domain import Scorecard
from esg.settings import Settings
from esg.state import Job

_ID_START = re.compile("[0-9a-f]{6,64}")
_MOMENTS = ("created_at", "finished_at")


def is_meant(settings: Settings) -> bool:
    return bool(settings.api_url)


def open_client(settings: Settings) -> Client:
    return Client(settings.api_url, key=settings.api_key.get_secret_value())


def score(
    client: Client, sources: Sequence[str], *, company: str | None, year: int | None, rubric: str | None
) -> list[Outcome]:
    """Send all sources, then follow one after the other; returns their outcomes in the order asked for."""
    sent = [(source, _sent(client, source, company, year, rubric)) for source in sources]
    names = {job["job_id"]: Path(source).name for source, job in sent if isinstance(job, dict)}
    known: dict[str, Job] = {}
    with progress.shown(names) as show:

        def tell(told: dict[str, Any]) -> None:
            known[told["id"]] = as_job(told)
            show(list(known.values()))

        return [_followed(client, source, job, tell) for source, job in sent]


def jobs(client: Client, limit: int) -> list[Job]:
    """The newest jobs first."""
    return [as_job(told) for told, _ in zip(client.jobs(limit=min(limit, 200)), range(limit), strict=False)]


def as_job(told: dict[str, Any]) -> Job:
    """Read a job as the API tells it."""
    known = {field.name: told[field.name] for field in fields(Job) if field.name in told}
    return Job(**known | {name: _moment(told[name]) for name in _MOMENTS})


def scorecard(client: Client, name: str, year: int | None = None) -> Scorecard:
    """The newest scorecard of a document (by the start of its id) or of a company; raises NotFound."""
    return report.from_dict(json.loads(rendered(client, name, "json", year)))


def rendered(client: Client, name: str, kind: str, year: int | None = None) -> bytes:
    """The same as json, html or csv."""
    if _ID_START.fullmatch(name) and (found := _document(client, name)):
        return client.rendered(found, kind)
    slug = next((company["slug"] for company in client.companies(company=name)), None)
    if slug is None:
        raise errors.NotFound(f"There is no scorecard of {name!r}.", next_step="Make one: esg score FILE")
    return client.company_rendered(slug, kind, year)


def compare(client: Client, names: Sequence[str]) -> list[Scorecard]:
    return [scorecard(client, name) for name in names]


def search(client: Client, query: str, *, k: int, careful: bool, **narrowed: Any) -> list[dict[str, Any]]:
    """The passages nearest to a question."""
    return client.search(query, k=k, careful=careful, **{n: v for n, v in narrowed.items() if v})


def _sent(
    client: Client, source: str, company: str | None, year: int | None, rubric: str | None
) -> dict[str, Any] | Outcome:
    """What is refused at the door is told with the rest."""
    try:
        return client.submit(source, company=company, year=year, rubric=rubric)
    except ApiProblem as problem:
        if problem.status >= 500 or problem.status in (401, 403, 429):
            raise
        return Outcome(fetch.without_password(source), "rejected", reason=str(problem))
    except OSError as error:
        return Outcome(source, "rejected", reason=f"{source} cannot be read: {error.strerror or error}.")


def _followed(
    client: Client, source: str, sent: dict[str, Any] | Outcome, tell: Callable[[dict[str, Any]], None]
) -> Outcome:
    if isinstance(sent, Outcome):
        return sent
    return _outcome(client, source, client.wait(sent["job_id"], on_progress=tell))


def _outcome(client: Client, source: str, job: dict[str, Any]) -> Outcome:
    if job["state"] != "scored":
        return Outcome(source, job["state"], reason=job["reason"])
    document = job["document_id"]
    return Outcome(
        source,
        "scored",
        report.from_dict(client.scorecard(document)),
        reused=job["reused"],
        rendered=partial(client.rendered, document),
    )


def _document(client: Client, start: str) -> str | None:
    return next((d["id"] for d in client.documents(limit=200) if d["id"].startswith(start)), None)


def _moment(told: str | None) -> datetime | None:
    return None if told is None else datetime.fromisoformat(told)
