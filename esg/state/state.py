"""`State`: the repository everyone uses. One method, one transaction; values go in and come out."""

import random
import traceback
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection, Engine

from esg import tokens
from esg.budget import Spend
from esg.domain import Document
from esg.errors import NotFound
from esg.register import Line, Problem, RegisteredCompany
from esg.sources import Listed, Source
from esg.state import (
    ahead,
    api_keys,
    company_years,
    counts,
    dead_letters,
    documents,
    flow,
    notices,
    outbox,
    progress,
    refusals,
    register,
    reopening,
    requests,
    retention,
    reviews,
    schedule,
    scorecards,
    service_times,
    sources,
    stage_runs,
    submission,
    sweep,
    transitions,
    usage,
)
from esg.state.api_keys import ApiKey
from esg.state.api_keys import Scope as KeyScope
from esg.state.clock import utc_now
from esg.state.company_years import CompanyYear, Scope
from esg.state.dead_letters import DeadLetter
from esg.state.documents import Company, DocumentRecord
from esg.state.engine import open_engine, reading, writing
from esg.state.jobs import Job, Request
from esg.state.jobs import missing as missing_job
from esg.state.lens import lens
from esg.state.listing import ALL, Wanted
from esg.state.migrate import upgrade
from esg.state.notices import Notice
from esg.state.outcomes import Outcome
from esg.state.policy import Policy
from esg.state.refusals import Refusal
from esg.state.register import Imported
from esg.state.requests import Remembered
from esg.state.retention import Forgotten
from esg.state.retry import Decision, Failure, Past, Retry, classify, decide, lost_worker
from esg.state.reviews import Review, ReviewRecord
from esg.state.schedule import Fired
from esg.state.scorecards import ScorecardRecord
from esg.state.service_times import DoneRun, ServiceTimes
from esg.state.sources import Checked, ItemRecord, SourceRecord
from esg.state.stage_runs import Feeder
from esg.state.sweep import SweepReport
from esg.state.transitions import Trouble
from esg.state.units import Claimed, Fence, Hint, Unit
from esg.state.usage import Usage
from esg.tracing import begin

TRACEBACK_CHARS = 20_000


class State:
    """What happened to each document. Threads may share it; a forked child opens its own connections."""

    def __init__(
        self,
        engine: Engine,
        policy: Policy | None = None,
        *,
        clock: Callable[[], datetime] = utc_now,
        jitter: Callable[[], float] = random.random,
        tenant: str | None = None,
    ) -> None:
        self.engine = engine
        self.policy = policy or Policy()
        self._now = clock
        self._jitter = jitter
        self.tenant = tenant

    @classmethod
    def open(cls, url: str, policy: Policy | None = None) -> "State":
        """Open a database, creating or migrating its tables."""
        engine = open_engine(url)
        upgrade(engine)
        return cls(engine, policy)

    def seen_by(self, tenant: str | None) -> "State":
        """The same as a tenant sees it: its own jobs and documents, and nothing that tells of others.

        What it submits is its own. None is the operator, who sees everything. What only the operator asks for
        (stage runs, dead letters, counts, sources, keys) is the same for all: no tenant may be shown it.
        """
        return State(self.engine, self.policy, clock=self._now, jitter=self._jitter, tenant=tenant)

    def tenants(self) -> list[str]:
        """Every tenant that has a document."""
        with self._reading() as tx:
            return documents.tenants(tx)

    def close(self) -> None:
        self.engine.dispose()

    def ping(self) -> None:
        """Raise Transient unless the database answers."""
        with self._reading() as tx:
            tx.exec_driver_sql("SELECT 1")

    def new_trace(self) -> str:
        """Begin a lineage (W3C traceparent) for what came without one."""
        return begin(self.policy.trace_ratio)

    # -- jobs

    def submit(
        self,
        source: str,
        *,
        company: str | None = None,
        year: int | None = None,
        document_id: str | None = None,
        job_id: str | None = None,
        rubric: str | None = None,
        force: bool = False,
        trace: str = "",
        webhook: str = "",
    ) -> Job:
        """Accept a report; with `document_id` its bytes are in the lake. A known `job_id` is that job."""
        request = Request(
            job_id=job_id or uuid.uuid4().hex,
            source=source,
            company=company,
            year=year,
            document_id=document_id,
            rubric=self.policy.rubric if rubric is None else rubric,
            force=force,
            trace=trace or self.new_trace(),
            webhook=webhook,
            tenant=self.tenant,
        )
        with self._writing() as tx:
            submission.submit(tx, request, pipeline_version=self.policy.pipeline_version, now=self._now())
        return self.job(request.job_id)

    def submit_all(self, wanted: Sequence[Request]) -> list[Job]:
        """Accept many reports in one transaction, in their order and as this state's tenant's; known ids are
        those jobs."""
        own = [replace(r, tenant=self.tenant, trace=r.trace or self.new_trace()) for r in wanted]
        with self._writing() as tx:
            for request in own:
                submission.submit(tx, request, pipeline_version=self.policy.pipeline_version, now=self._now())
        found = {job.id: job for job in self.find_jobs([request.job_id for request in wanted])}
        return [found[request.job_id] for request in wanted]

    def submit_again(
        self,
        document: Document,
        *,
        job_id: str | None = None,
        rubric: str | None = None,
        force: bool = False,
        trace: str = "",
        webhook: str = "",
    ) -> Job:
        """Ask for another score of a known document, as whose it is: only what is missing is done."""
        company, year = document.identity.given  # nobody asks for another identity here
        return self.submit(
            document.source,
            company=company,
            year=year,
            document_id=document.id,
            job_id=job_id,
            rubric=rubric,
            force=force,
            trace=trace,
            webhook=webhook,
        )

    def job(self, job_id: str) -> Job:
        """Raises NotFound."""
        with self._reading() as tx:
            job = progress.view(tx, job_id, tenant=self.tenant)
        if job is None:
            raise missing_job(job_id)
        return job

    def jobs(self, limit: int = 50, state: str | None = None) -> list[Job]:
        """The newest jobs first."""
        return self.list_jobs(limit, Wanted(state=state))

    def list_jobs(self, limit: int, wanted: Wanted = ALL) -> list[Job]:
        """The newest jobs first, of those that are wanted."""
        with self._reading() as tx:
            return progress.views(tx, wanted, limit, tenant=self.tenant)

    def find_jobs(self, job_ids: Sequence[str]) -> list[Job]:
        """Those of these jobs that there are, whose ever, in a fixed number of queries."""
        with self._reading() as tx:
            return progress.views_of(tx, job_ids)

    def cancel(self, job_id: str) -> Job:
        """Cancel a job that is not over; work that no other job wants stops at its next heartbeat."""
        is_cancelled = False
        while not is_cancelled:  # again when the job got to know its document in between: at most once
            with self._writing() as tx:
                is_cancelled = reopening.cancel(tx, job_id, tenant=self.tenant, now=self._now())
        return self.job(job_id)

    def notice(self, job_id: str) -> Notice | None:
        """Whom to tell of a job's end, and what about; None where nobody asked, or it is forgotten."""
        with self._reading() as tx:
            return notices.find(tx, job_id)

    # -- requests under a key of their caller's

    def begin_request(self, caller: str, key: str, fingerprint: str) -> Remembered:
        """Remember what is asked for under a key for a day, or tell what was asked for and answered first."""
        with self._writing() as tx:
            return requests.begin(tx, caller, key, fingerprint, now=self._now())

    def find_request(self, caller: str, key: str) -> Remembered | None:
        with self._reading() as tx:
            return requests.find(tx, caller, key, now=self._now())

    def answer_request(self, caller: str, key: str, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        """Keep the answer to a request that was begun; gives the first one, whoever gave it."""
        with self._writing() as tx:
            requests.answer(tx, caller, key, answer)
            found = requests.find(tx, caller, key, now=self._now())
        return answer if found is None or found.answer is None else found.answer

    # -- documents, companies, scorecards

    def document(self, document_id: str) -> DocumentRecord:
        """Raises NotFound."""
        with self._reading() as tx:
            record = documents.find(tx, document_id, tenant=self.tenant)
        if record is None:
            raise documents.missing(document_id)
        return record

    def documents(self, company: str | None = None, year: int | None = None) -> list[DocumentRecord]:
        """The newest first; `company` is a slug or a name."""
        with self._reading() as tx:
            return documents.find_all(tx, Wanted(company=company, year=year), tenant=self.tenant)

    def list_documents(self, limit: int | None, wanted: Wanted = ALL) -> list[DocumentRecord]:
        """The newest first, of those that are wanted."""
        with self._reading() as tx:
            return documents.find_all(tx, wanted, limit, tenant=self.tenant)

    def readable(self, company: str | None = None, year: int | None = None) -> list[DocumentRecord]:
        """Documents whose pages were read: any rubric can judge them from silver. The newest first."""
        return [record for record in self.documents(company, year) if record.document.pages]

    def unscored(self, company: str | None = None, year: int | None = None) -> list[DocumentRecord]:
        """Documents that nobody has tried to score in this pipeline version and rubric, the oldest first."""
        with self._reading() as tx:
            return documents.find_unscored(
                tx,
                pipeline_version=self.policy.pipeline_version,
                lens=self._lens(),
                company=company,
                year=year,
            )

    def companies(self, wanted: Wanted = ALL) -> list[Company]:
        """By slug: every company with a document, or with one that is wanted (in any state)."""
        with self._reading() as tx:
            return documents.companies(tx, wanted, tenant=self.tenant)

    def scorecard_key(self, document_id: str, rubric: str | None = None) -> str | None:
        """Where the newest scorecard of a document rests in the lake; None where there is none."""
        with self._reading() as tx:
            return scorecards.latest_key(tx, document_id, rubric=rubric, tenant=self.tenant)

    def scorecards(
        self, company: str | None = None, *, ids: Collection[str] | None = None
    ) -> list[ScorecardRecord]:
        """Those of a company, or of documents by their ids, or all."""
        with self._reading() as tx:
            return scorecards.find_all(tx, company=company, ids=ids, tenant=self.tenant)

    def company_years(
        self, company: str | None = None, year: int | None = None, rubric: str | None = None
    ) -> list[CompanyYear]:
        """What is judged over several documents, the newest year first; `key` is "" until it has been."""
        with self._reading() as tx:
            return company_years.find_all(tx, self._scope(company, year, rubric))

    def is_busy(self, company: str | None, year: int | None, rubric: str | None = None) -> bool:
        """Whether a document of a company (and year) is still on its way."""
        with self._reading() as tx:
            return company_years.is_busy(tx, self._scope(company, year, rubric))

    def save_company_year(self, judged: CompanyYear) -> None:
        """Write down where the scorecard of a company-year rests, for whoever made it outside a task."""
        with self._writing() as tx:
            version = self.policy.pipeline_version
            company_years.save(tx, judged, pipeline_version=version, now=self._now())

    # -- reviews by analysts

    def review(self, review: Review) -> None:
        """Keep what an analyst says; raises NotFound where there is no such document."""
        self.document(review.document_id)
        with self._writing() as tx:
            reviews.save(tx, review, tenant=self.tenant, now=self._now())

    def reviews(self, document_id: str | None = None, limit: int | None = None) -> list[ReviewRecord]:
        """The newest first, of one document where given."""
        with self._reading() as tx:
            return reviews.find_all(tx, document_id, tenant=self.tenant, limit=limit)

    # -- the register of companies

    def import_companies(self, lines: Sequence[Line], problems: Sequence[Problem] = ()) -> Imported:
        """Add or update companies and match all documents anew; none of it where there is a problem."""
        with self._writing() as tx:
            done, changed = register.save(tx, lines, problems, now=self._now())
            self._open_stale(tx, changed)
        return done

    def registered(self) -> list[RegisteredCompany]:
        """The companies of the register, by name."""
        with self._reading() as tx:
            return register.find_all(tx)

    def company_called(self, name: str) -> RegisteredCompany:
        """A company of the register by its name, an alias, its LEI or its slug; raises NotFound."""
        with self._reading() as tx:
            return register.find(tx, name)

    def unmatched(self) -> list[DocumentRecord]:
        """Documents of no company of the register, by what they call theirs."""
        with self._reading() as tx:
            return documents.find_unmatched(tx)

    def match(self, document_id: str, company: str | None) -> DocumentRecord:
        """Say which company of the register (by name, alias, LEI or slug) a document is of; that stays.

        None leaves it to the register again. Raises NotFound.
        """
        self.document(document_id)
        with self._writing() as tx:
            known = register.find(tx, company) if company is not None else None
            changed = register.match_by_hand(tx, document_id, known.slug if known else None)
            self._open_stale(tx, changed)
        return self.document(document_id)

    # -- sources that are looked at again

    def add_source(self, source: Source, every_seconds: int) -> bool:
        """Add a source, or change how one is looked at, and have it looked at now; True where it is new."""
        with self._writing() as tx:
            return sources.add(tx, source, every_seconds, now=self._now())

    def remove_source(self, source_id: str) -> None:
        """Forget a source, not its documents; raises NotFound."""
        with self._writing() as tx:
            if not sources.remove(tx, source_id):
                raise _no_source(source_id)

    def source(self, source_id: str) -> SourceRecord:
        """Raises NotFound."""
        with self._reading() as tx:
            record = sources.find(tx, source_id)
        if record is None:
            raise _no_source(source_id)
        return record

    def sources(self) -> list[SourceRecord]:
        """Every source, by kind and location."""
        with self._reading() as tx:
            return sources.find_all(tx)

    def due_sources(self) -> list[str]:
        """The ids of the sources whose time has come."""
        with self._reading() as tx:
            return sources.due(tx, now=self._now())

    def wake_source(self, source_id: str) -> None:
        """Let a source be due now; raises NotFound."""
        with self._writing() as tx:
            if not sources.wake(tx, source_id, now=self._now()):
                raise _no_source(source_id)

    def begin_scan(self, source_id: str) -> SourceRecord | None:
        """Begin a scan that is due, or go on with the one under way; None where there is neither."""
        with self._writing() as tx:
            return sources.begin(tx, source_id, now=self._now())

    def save_listing(self, source_id: str, listed: Sequence[Listed]) -> None:
        """Write down what a source lists now."""
        with self._writing() as tx:
            sources.save_listing(tx, source_id, listed, now=self._now())

    def unchecked_items(self, source_id: str, since: datetime, limit: int = 50) -> list[ItemRecord]:
        """Items that the scan begun at `since` has yet to ask for."""
        with self._reading() as tx:
            return sources.unchecked(tx, source_id, since=since, limit=limit)

    def source_items(self, source_id: str) -> list[ItemRecord]:
        with self._reading() as tx:
            return sources.find_items(tx, source_id)

    def check_item(self, record: ItemRecord, checked: Checked) -> None:
        """Write down what became of an item."""
        with self._writing() as tx:
            sources.check(tx, record, checked, now=self._now())

    def finish_scan(self, source_id: str, error: str = "", at_least_seconds: float = 0.0) -> None:
        """End a scan, and say when the next is due: at the cadence, after an error sooner."""
        with self._writing() as tx:
            sources.finish(tx, source_id, error=error, at_least_seconds=at_least_seconds, now=self._now())

    def take_turn(self, host: str, hold_seconds: float) -> float:
        """Take the turn at a host: 0 when it is the caller's, else the seconds until it may be."""
        with self._writing(is_durable=False) as tx:
            return sources.take_turn(tx, host, hold_seconds=hold_seconds, now=self._now())

    def end_turn(self, host: str, rest_seconds: float) -> None:
        with self._writing(is_durable=False) as tx:
            sources.end_turn(tx, host, rest_seconds=rest_seconds, now=self._now())

    # -- stage runs: what workers do

    def enqueue(self, unit: Unit) -> str:
        """Open a stage run outside the flow of documents (etl.*, score.company, …); returns its id."""
        with self._writing() as tx:
            stage_runs.open_units(tx, [unit], now=self._now())
        return unit.id

    def claim(self, unit_id: str, owner: str, lease_seconds: float | None = None) -> Claimed | None:
        """Lease a stage run; None when there is nothing to do: held, over, not yet due, unknown."""
        with self._writing(is_durable=False) as tx:
            return transitions.claim(
                tx,
                unit_id,
                owner=owner,
                lease_seconds=self._lease(lease_seconds),
                pipeline_version=self.policy.pipeline_version,
                now=self._now(),
            )

    def fed_by(self, claimed: Claimed) -> list[Feeder]:
        """The stage runs whose work a stage run goes on with, such as all batches of embedding."""
        if claimed.task not in flow.BEFORE:
            return []
        with self._reading() as tx:
            return stage_runs.feeders(tx, claimed, flow.BEFORE[claimed.task])

    def scorings(self, documents: Collection[str]) -> list[Feeder]:
        """The stage runs that have scored these documents, by whatever rubric."""
        with self._reading() as tx:
            return stage_runs.done(tx, flow.SCORE, documents, self.policy.pipeline_version)

    def heartbeat(self, claimed: Claimed, lease_seconds: float | None = None) -> Fence:
        """Hold a lease for longer; anything but PASSED says: stop working, nothing of yours will be taken."""
        with self._writing(is_durable=False) as tx:
            until = self._now() + timedelta(seconds=self._lease(lease_seconds))
            return stage_runs.extend(tx, claimed, until=until)

    def look(self, claimed: Claimed) -> Fence:
        """Whether a lease is still held, without extending it."""
        with self._reading() as tx:
            return stage_runs.look(tx, claimed)

    def complete(self, claimed: Claimed, outcome: Outcome) -> Fence:
        """Record a result and open what follows, all or nothing; only PASSED has written anything."""
        with self._writing() as tx:
            return self._complete(tx, claimed, outcome, self._now())

    def complete_and_take(
        self, claimed: Claimed, outcome: Outcome, limit: int = 100
    ) -> tuple[Fence, list[Hint]]:
        """Complete, and in the same transaction fill the queues that ran half empty and take their hints."""
        now = self._now()
        with self._writing() as tx:
            fence = self._complete(tx, claimed, outcome, now)
            if fence is not Fence.PASSED:
                return fence, []
            depth, seconds = self.policy.depth, self.policy.take_seconds
            return fence, outbox.refill(tx, depth, limit, seconds=seconds, now=now)

    def fail(self, claimed: Claimed, error: BaseException) -> Decision | Fence:
        """Record a failure: what was decided about it, or why nothing was written."""
        failure, now = classify(error), self._now()
        decision = self._decide(claimed, failure, now)
        trouble = Trouble(failure, "".join(traceback.format_exception(error))[-TRACEBACK_CHARS:])
        with self._writing() as tx:
            fence = transitions.settle(tx, claimed, decision, trouble, now=now)
        return decision if fence is Fence.PASSED else fence

    def release(self, claimed: Claimed) -> Fence:
        """Give a stage run back, at a shutdown; this counts as neither a failure nor a loss."""
        with self._writing(is_durable=False) as tx:
            return transitions.release(tx, claimed)

    def expire(self, unit_id: str, owner: str) -> bool:
        """Let the next sweep take what a worker held that was seen to die; False when it held nothing."""
        with self._writing(is_durable=False) as tx:
            return stage_runs.expire(tx, unit_id, owner=owner, now=self._now())

    # -- dispatcher and sweeper

    def dispatch(self, depth: Mapping[str, int] | None = None) -> int:
        """Queue what is pending, fairly, up to `depth` hints per queue; returns how many."""
        with self._writing(is_durable=False) as tx:
            return outbox.dispatch(tx, self.policy.depth if depth is None else depth, now=self._now())

    def take_outbox(self, limit: int = 100) -> list[Hint]:
        """Hints to publish now; what is not marked published comes again after `policy.take_seconds`."""
        with self._writing(is_durable=False) as tx:
            return outbox.take(tx, limit, seconds=self.policy.take_seconds, now=self._now())

    def put_back(self, hints: Iterable[Hint]) -> None:
        """The broker did not take them: the next dispatcher shall try."""
        with self._writing() as tx:
            outbox.put_back(tx, hints)

    def mark_published(self, hints: Iterable[Hint]) -> None:
        with self._writing(is_durable=False) as tx:
            outbox.mark_published(tx, hints)

    def sweep(self, now: datetime | None = None) -> SweepReport:
        """Take back leases that ran out, end back-offs that are due, hint again at what nobody claims."""
        moment = now or self._now()
        with self._reading() as tx:
            expired = stage_runs.expired(tx, now=moment, limit=sweep.BATCH)
        verdicts = [self._lose(claimed, moment) for claimed in expired]
        with self._writing(is_durable=False) as tx:
            ahead.bring_back(
                tx,
                lease_seconds=self.policy.lease_seconds,
                take_seconds=self.policy.take_seconds,
                now=moment,
            )
            retried = sweep.end_waits(tx, now=moment)
            again = sweep.hint_again(tx, after_seconds=self.policy.requeue_after_seconds, now=moment)
        return SweepReport(
            lost=sum(isinstance(v, Retry) for v in verdicts),
            poisoned=sum(not isinstance(v, Retry | Fence) for v in verdicts),
            retried=retried,
            hinted_again=again,
            taken=tuple(c for c, v in zip(expired, verdicts, strict=True) if not isinstance(v, Fence)),
        )

    def hint_everything(self) -> int:
        """Give out every hint again, after a broker lost its data; returns how many."""
        with self._writing(is_durable=False) as tx:
            return sweep.hint_everything(tx, now=self._now())

    def fire(self, schedule_name: str, slot: datetime, unit: Unit | None = None) -> bool:
        """Whether the caller is the one to fire this slot of a schedule; if so, what it is to do is opened.

        Nobody fires a slot while the stage run of an earlier one is open.
        """
        with self._writing() as tx:
            return schedule.fire(tx, schedule_name, slot, unit, now=self._now())

    def fired(self) -> dict[str, Fired]:
        """{entry of the schedule: its newest slot that has come, and last success}."""
        with self._reading() as tx:
            return schedule.find_all(tx, now=self._now())

    def forget(
        self, *, before: datetime | None, scorecards_before: datetime | None, is_dry_run: bool = False
    ) -> Forgotten:
        """Delete what is over and old, or with `is_dry_run` only count it; see esg/state/retention.py."""
        with self._writing() as tx:
            forgotten = retention.forget(
                tx,
                before=before,
                scorecards_before=scorecards_before,
                pipeline_version=self.policy.pipeline_version,
                rubric=self.policy.rubric,
            )
            if is_dry_run:
                tx.get_transaction().rollback()  # type: ignore[union-attr]
        return forgotten

    # -- dead letters

    def dead_letters(self, limit: int = 100, state: str = "open") -> list[DeadLetter]:
        """List the newest first: those open, retried or dropped, or all of them."""
        with self._reading() as tx:
            return dead_letters.find_all(tx, state=state, limit=limit)

    def dead_letter(self, letter_id: str) -> DeadLetter:
        """Raises NotFound."""
        with self._reading() as tx:
            return self._letter(tx, letter_id)

    def retry_dead_letter(self, letter_id: str) -> DeadLetter:
        """Try again, with the runs and jobs it brought down; raises Rejected when it is not open."""
        with self._writing() as tx:
            reopening.retry(tx, self._letter(tx, letter_id), now=self._now())
            return self._letter(tx, letter_id)

    def refuse_message(self, refusal: Refusal) -> bool:
        """Write a dead letter about a message; False where there are too many of these."""
        with self._writing() as tx:
            return refusals.bury(tx, refusal, now=self._now())

    def drop_dead_letter(self, letter_id: str) -> DeadLetter:
        """Put it away; its document stays rejected or failed."""
        with self._writing() as tx:
            dead_letters.drop(tx, letter_id)
            return self._letter(tx, letter_id)

    # -- counts

    def stage_counts(self) -> dict[str, dict[str, int]]:
        """{queue: {state: stage runs}}."""
        with self._reading() as tx:
            return counts.stage_counts(tx)

    def service_times(self, since: datetime) -> ServiceTimes:
        """How long each stage run took of the documents that were scored since then."""
        return ServiceTimes.of(self.done_runs(since))

    def done_runs(self, since: datetime) -> list[DoneRun]:
        """The stage runs that were done of documents that were scored since then, as they were taken."""
        with self._reading() as tx:
            return service_times.done_runs(tx, since=since)

    def document_counts(self) -> dict[str, int]:
        """{state of the latest run: documents}."""
        with self._reading() as tx:
            return counts.document_counts(tx)

    def backlog(self) -> int:
        """Stage runs that are not over."""
        with self._reading() as tx:
            return counts.backlog(tx)

    def oldest_seconds(self) -> dict[str, float]:
        """{queue: age of its oldest waiting stage run}."""
        with self._reading() as tx:
            return counts.oldest_seconds(tx, now=self._now())

    def outbox_lag_seconds(self) -> float:
        """Age of the oldest hint that is not published; 0 when there is none."""
        with self._reading() as tx:
            return outbox.lag_seconds(tx, now=self._now())

    def seconds_to_scorecard(self, claimed: Claimed) -> list[float]:
        """Time from submission to scorecard, of each job that this stage run of score has just ended."""
        with self._reading() as tx:
            return counts.seconds_to_scorecard(tx, claimed)

    def dead_letter_count(self) -> int:
        with self._reading() as tx:
            return counts.dead_letter_count(tx)

    # -- what paid services cost: the ledger of `esg.watsonx`

    def reserve(self, spend: Spend, *, run_micros: int | None, day_micros: int | None) -> str:
        """Add an estimate, atomically; "run" or "day" names the budget that has no room for it."""
        with self._writing(is_durable=False) as tx:
            return usage.reserve(tx, spend, run_micros=run_micros, day_micros=day_micros)

    def settle(self, estimate: Spend, actual: Spend) -> None:
        """Put what was spent in the place of its estimate."""
        with self._writing(is_durable=False) as tx:
            usage.settle(tx, estimate, actual)

    def usage(self, *, day: str | None = None, run: str | None = None) -> list[Usage]:
        """What was spent, by day (of UTC), run and model; the newest day first."""
        with self._reading() as tx:
            return usage.find_all(tx, day=day, run=run)

    # -- who may ask

    def create_key(
        self,
        name: str,
        *,
        scopes: Collection[KeyScope],
        tenant: str | None = None,
        rate_per_minute: int | None = None,
    ) -> tuple[ApiKey, str]:
        """Make an API key; gives also its text, which is kept nowhere. Raises Rejected for a bad tenant."""
        api_keys.check_tenant(tenant)
        minted = tokens.mint()
        key = ApiKey(minted.id, name, tenant, frozenset(scopes), rate_per_minute, self._now())
        with self._writing() as tx:
            api_keys.create(tx, key, minted.sha256)
        return key, minted.text

    def api_keys(self) -> list[ApiKey]:
        """Every API key, also those revoked, the newest first."""
        with self._reading() as tx:
            return api_keys.find_all(tx)

    def has_key(self) -> bool:
        """Whether anybody could ask with a key."""
        with self._reading() as tx:
            return api_keys.any_usable(tx)

    def key_holder(self, text: str) -> ApiKey | None:
        """Who asks with a key; None where it is none, or was revoked. A use is written once a minute."""
        with self._reading() as tx:
            key = api_keys.holder(tx, text)
        if key and api_keys.is_use_due(key, now=self._now()):
            with self._writing(is_durable=False) as tx:
                api_keys.use(tx, key.id, now=self._now())
        return key

    def revoke_key(self, key_id: str) -> ApiKey:
        """Let a key open nothing from now on, in any process; raises NotFound."""
        with self._writing() as tx:
            key = api_keys.revoke(tx, key_id, now=self._now())
        if key is None:
            raise NotFound(f"There is no key {key_id}.", next_step="List them with `esg keys list`.")
        return key

    # --

    def _complete(self, tx: Connection, claimed: Claimed, outcome: Outcome, now: datetime) -> Fence:
        version = self.policy.pipeline_version
        return transitions.complete(tx, claimed, outcome, pipeline_version=version, now=now)

    def _decide(self, claimed: Claimed, failure: Failure, now: datetime) -> Decision:
        return decide(
            failure,
            Past(claimed.retries, claimed.lost, claimed.away_since),
            budget=self.policy.budgets.get(claimed.task, self.policy.budget),
            now=now,
            jitter=self._jitter(),
        )

    def _lose(self, claimed: Claimed, now: datetime) -> Decision | Fence:
        """Take a stage run from a worker that went silent, unless it spoke up meanwhile."""
        failure = lost_worker(claimed.owner, claimed.stage)
        decision = self._decide(claimed, failure, now)
        with self._writing() as tx:
            fence = transitions.lose(tx, claimed, decision, Trouble(failure), now=now)
        return decision if fence is Fence.PASSED else fence

    def _scope(self, company: str | None, year: int | None, rubric: str | None) -> Scope:
        return Scope(self.policy.pipeline_version, self._lens(rubric), company, year)

    def _lens(self, rubric: str | None = None) -> str:
        return lens(rubric or self.policy.rubric, self.tenant)

    def _open_stale(self, tx: Connection, slugs: Collection[str]) -> None:
        """Have company-years judged again after the register has changed, of whomever they are."""
        for tenant in (None, *documents.tenants(tx)):
            scope = Scope(self.policy.pipeline_version, lens(self.policy.rubric, tenant))
            company_years.open_stale(tx, slugs, scope, now=self._now())

    def _letter(self, tx: Connection, letter_id: str) -> DeadLetter:
        letter = dead_letters.find(tx, letter_id)
        if letter is None:
            raise NotFound(
                f"There is no dead letter {letter_id}.", next_step="List them with `esg dlq list`."
            )
        return letter

    def _lease(self, seconds: float | None) -> float:
        return self.policy.lease_seconds if seconds is None else seconds

    def _reading(self) -> AbstractContextManager[Connection]:
        return reading(self.engine)

    def _writing(self, *, is_durable: bool = True) -> AbstractContextManager[Connection]:
        return writing(self.engine, is_durable=is_durable)


def _no_source(source_id: str) -> NotFound:
    return NotFound(f"There is no source {source_id}.", next_step="List them with `esg sources list`.")
