"""What a stage run's end means: done, failed, lost or given back, in one transaction behind the fence."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from esg.domain import Identity
from esg.state import (
    company_years,
    documents,
    flow,
    jobs,
    outcomes,
    runs,
    scorecards,
    stage_runs,
    submission,
    supersession,
)
from esg.state.advance import advance
from esg.state.outcomes import CompanyScored, Embedded, Indexed, Ingested, Later, Outcome, Scored, Sourced
from esg.state.quarantine import quarantine
from esg.state.retry import Decision, Failure, Kind, Quarantine, Retry
from esg.state.runs import RunState
from esg.state.units import Claimed, Fence, UnitState


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a stage run ended badly, for the record."""

    failure: Failure
    traceback: str = ""


def claim(
    tx: Connection,
    unit_id: str,
    *,
    owner: str,
    lease_seconds: float,
    pipeline_version: str = "",
    now: datetime,
) -> Claimed | None:
    """Lease a stage run and let its jobs know that they are being worked on.

    A worker of another `pipeline_version` would not find what the run's own has put into the lake.
    """
    waiting = stage_runs.find_claimable(tx, unit_id, now=now)
    if waiting is None:
        return None
    if _is_foreign(waiting, pipeline_version):
        _leave_or_take_over(tx, waiting, pipeline_version, now)
        return None
    _lock(tx, waiting)
    claimed = stage_runs.claim(tx, unit_id, owner=owner, lease_seconds=lease_seconds, now=now)
    if claimed and claimed.attempts == 1:
        jobs.begin(tx, claimed)
    return claimed


def _is_foreign(waiting: Claimed, pipeline_version: str) -> bool:
    return waiting.document_id is not None and pipeline_version not in ("", waiting.pipeline_version)


def _leave_or_take_over(tx: Connection, waiting: Claimed, pipeline_version: str, now: datetime) -> None:
    """Leave it while workers of its version are at work; when none is left, do it in this version instead."""
    if waiting.document_id and not stage_runs.is_worked_on(tx, waiting.pipeline_version):
        supersession.take_over(
            tx,
            waiting.document_id,
            old_version=waiting.pipeline_version,
            new_version=pipeline_version,
            now=now,
        )


def complete(
    tx: Connection, claimed: Claimed, outcome: Outcome, *, pipeline_version: str, now: datetime
) -> Fence:
    """Record what a stage run brought and open what follows; nothing at all when the fence refuses.

    A document just fetched goes through `pipeline_version`; every other stays with the one it began with.
    """
    expected = outcomes.OF_TASK.get(claimed.task, (outcomes.Done,))
    if not isinstance(outcome, expected):
        names = " or ".join(kind.__name__ for kind in expected)
        raise TypeError(f"{claimed.task} brings {names}, not {type(outcome).__name__}")
    _lock(tx, claimed)
    if isinstance(outcome, Later):
        until = now + timedelta(seconds=outcome.seconds)
        return stage_runs.close(tx, claimed, UnitState.RETRY_WAIT, not_before=until, away_since=None)
    fence = stage_runs.close(tx, claimed, UnitState.DONE, finished_at=now, **_counts(outcome))
    if fence is Fence.PASSED:
        _record(tx, claimed, outcome, pipeline_version, now)
    return fence


def settle(tx: Connection, claimed: Claimed, decision: Decision, trouble: Trouble, *, now: datetime) -> Fence:
    """Write down a failure and what was decided about it."""
    _lock(tx, claimed)
    failure, is_loss = trouble.failure, trouble.failure.kind is Kind.LOST
    is_outage = failure.kind is Kind.OUTAGE
    error = {
        "error_code": failure.code,
        "error": failure.message,
        "traceback": trouble.traceback,
        "retries": claimed.retries + (not is_loss and not is_outage),
        "lost": claimed.lost + is_loss,
        "away_since": (claimed.away_since or now) if is_outage else None,
    }
    match decision:
        case Retry(not_before):
            state = UnitState.PENDING if is_loss else UnitState.RETRY_WAIT
            return stage_runs.close(tx, claimed, state, not_before=not_before, **error)
        case Quarantine():
            fence = stage_runs.close(tx, claimed, UnitState.DEAD, finished_at=now, **error)
            if fence is Fence.PASSED:
                quarantine(tx, claimed, decision, traceback=trouble.traceback, now=now)
            return fence


def lose(tx: Connection, claimed: Claimed, decision: Decision, trouble: Trouble, *, now: datetime) -> Fence:
    """Take a stage run from a worker that went silent, unless it spoke up meanwhile."""
    _lock(tx, claimed)
    is_over = stage_runs.is_expired(tx, claimed, now=now)
    return settle(tx, claimed, decision, trouble, now=now) if is_over else Fence.FENCED


def release(tx: Connection, claimed: Claimed) -> Fence:
    """Give a stage run back as if it had not been taken."""
    return stage_runs.close(tx, claimed, UnitState.PENDING)


def _lock(tx: Connection, claimed: Claimed) -> None:
    """Document, stage runs, runs, jobs: everyone locks in this order, so nobody waits in a circle."""
    if claimed.document_id:
        documents.lock(tx, claimed.document_id)


def _counts(outcome: Outcome) -> dict[str, int]:
    match outcome:
        case Ingested(document, chunks, batches):
            return {"pages": document.pages, "chunks": chunks, "batches": batches}
        case Embedded(chunks) | Indexed(chunks):
            return {"chunks": chunks}
        case _:
            return {}


def _record(tx: Connection, claimed: Claimed, outcome: Outcome, pipeline_version: str, now: datetime) -> None:
    match outcome:
        case Sourced(document):
            request = jobs.request(tx, claimed.subject, document.id)
            submission.join(tx, request, document.id, pipeline_version=pipeline_version, now=now)
            if request.tenant is not None:  # its words are its own, and stand in its holding
                document = replace(document, identity=Identity("", None))
            documents.describe(tx, document, now=now)
        case Ingested(document, guess=guess, lei=lei):
            documents.describe(tx, document, guess=guess, lei=lei, now=now)
        case Scored():
            scorecards.save(tx, claimed, outcome, now=now)
            runs.finish(tx, [runs.run_of(claimed)], RunState.SCORED, now=now)
            company_years.open_for(tx, claimed, now=now)
        case CompanyScored(judged):
            company_years.finish(tx, claimed, judged, pipeline_version=pipeline_version, now=now)
    if claimed.task in flow.TASKS.values() and claimed.task != flow.SCORE:
        advance(tx, claimed.subject, claimed.pipeline_version, now=now)
