"""Scoring through the fleet: submit, watch SQL, read the scorecards; a private fleet when none is up."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from esg import broker, errors, fetch
from esg.cli import fleet as fleets
from esg.cli import progress, stored
from esg.cli.console import talk
from esg.cli.outcome import Outcome
from esg.domain import Document
from esg.resources import Resources
from esg.state import Job

POLL_SECONDS = 0.25
WATCH_SECONDS = 1.0
BROKER_SECONDS = 5.0  # for one far away, or busy


@dataclass(slots=True)
class Keeper:
    """Sees to it that a fleet is up while we wait: somebody else's, or one of our own."""

    opened: Resources
    workers: int
    whole: bool
    own: fleets.Fleet | None = None
    looked: float = 0.0

    def watch(self) -> None:
        """Restart what ended; take over when the fleet we relied on has gone."""
        if time.monotonic() - self.looked < WATCH_SECONDS:
            return
        self.looked = time.monotonic()
        if self.own is not None:
            for line in self.own.tick():
                talk.print(f"[yellow]{line}[/]")
            return
        self.own = fleets.take(self.opened.settings, workers=self.workers, whole=self.whole)
        if self.own is not None:
            self.own.start()

    def stop(self) -> None:
        """Drain a fleet of our own; what is unfinished goes on with the next one."""
        if self.own is not None:
            talk.print("[dim]stopping the fleet …[/]")
            self.own.drain()


def score(
    sources: Sequence[str],
    opened: Resources,
    *,
    company: str | None,
    year: int | None,
    workers: int,
    whole: bool,
) -> list[Outcome]:
    """Score all sources at once; returns their outcomes in the order asked for."""
    opened.state.ping()  # creates or migrates the tables before any worker asks for them
    submitted = dict(_submitted(sources, opened, company, year))
    return _followed(list(submitted.items()), opened, workers=workers, whole=whole)


def score_again(
    documents: Sequence[Document], opened: Resources, *, force: bool, workers: int
) -> list[Outcome]:
    """Score documents of the lake by the rubric that is set; returns their outcomes in the same order."""
    rubric = opened.rubric_key(opened.settings.rubric)
    jobs = [
        (document.source, opened.state.submit_again(document, rubric=rubric, force=force))
        for document in documents
    ]
    return _followed(jobs, opened, workers=workers, whole=False)


def _followed(
    submitted: Sequence[tuple[str, Job | Outcome]], opened: Resources, *, workers: int, whole: bool
) -> list[Outcome]:
    waiting = {job.id: source for source, job in submitted if isinstance(job, Job)}
    ended = _waited(waiting, opened, workers=workers, whole=whole)
    return [
        job if isinstance(job, Outcome) else _outcome(source, ended[job.id], opened)
        for source, job in submitted
    ]


def _submitted(
    sources: Sequence[str], opened: Resources, company: str | None, year: int | None
) -> Iterator[tuple[str, Job | Outcome]]:
    """Hand over each source: a file's bytes go to the lake now, a URL is fetched by a worker."""
    for source in sources:
        try:
            yield source, _submit(source, opened, company, year)
        except errors.Rejected as error:
            yield source, Outcome(fetch.without_password(source), "rejected", reason=str(error))


def _submit(source: str, opened: Resources, company: str | None, year: int | None) -> Job:
    rubric = opened.rubric_key(opened.settings.rubric)
    if source.startswith(("http://", "https://")):
        fetch.check_url(source)
        return opened.state.submit(source, company=company, year=year, rubric=rubric)
    fetched = fetch.fetch(source, limits=opened.fetch_limits)
    document_id = opened.lake.put_original(fetched)
    return opened.state.submit(source, company=company, year=year, document_id=document_id, rubric=rubric)


def _waited(waiting: dict[str, str], opened: Resources, *, workers: int, whole: bool) -> dict[str, Job]:
    """Wait until every job is over; nothing is started when all of them already are."""
    jobs = _looked_up(waiting, opened)
    if all(job.finished_at for job in jobs.values()):
        return jobs
    _insist_on_broker(opened)
    keeper = Keeper(opened, workers, whole)
    try:
        with progress.shown({job_id: Path(source).name for job_id, source in waiting.items()}) as show:
            while not all(job.finished_at for job in jobs.values()):
                keeper.watch()
                time.sleep(POLL_SECONDS)
                jobs = _looked_up(waiting, opened, jobs)
                show(list(jobs.values()))
    finally:
        keeper.stop()
    return jobs


def _insist_on_broker(opened: Resources) -> None:
    """Raise Transient where a given broker does not answer: nobody else would start it, and we would wait.

    What was submitted stays in SQL and is done once the broker is back.
    """
    url = broker.ensure(opened.settings)
    if broker.is_given(opened.settings) and not broker.answers(url, timeout_seconds=BROKER_SECONDS):
        raise errors.Transient(
            "The broker that is configured does not answer; what was asked for is kept and waits for it.",
            next_step="Start it or correct ESG_BROKER_URL (or REDIS_HOST), see `esg doctor`; or use --local.",
        )


def _looked_up(
    waiting: dict[str, str], opened: Resources, known: dict[str, Job] | None = None
) -> dict[str, Job]:
    """Read the jobs that were not over when last seen."""
    last = known or {}
    return {
        job_id: last[job_id] if job_id in last and last[job_id].finished_at else opened.state.job(job_id)
        for job_id in waiting
    }


def _outcome(source: str, job: Job, opened: Resources) -> Outcome:
    if job.state != "scored" or job.document_id is None:
        return Outcome(source, job.state, reason=job.reason)
    key = opened.state.scorecard_key(job.document_id, job.rubric)
    if key is None:
        raise errors.EsgError(f"{source} is scored but has no scorecard.", next_step="Report this.")
    material = partial(stored.material, opened)
    return Outcome(source, "scored", stored.read(opened, key), reused=job.reused, material=material)
