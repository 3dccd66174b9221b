"""Set a stage run aside: with it end the runs that need it, and whatever else was open for them."""

from datetime import datetime

from sqlalchemy.engine import Connection

from esg.state import dead_letters, jobs, runs, stage_runs
from esg.state.retry import Quarantine
from esg.state.runs import RunState
from esg.state.schema import stage_runs as units
from esg.state.units import Claimed


def quarantine(
    tx: Connection, claimed: Claimed, decision: Quarantine, *, traceback: str, now: datetime
) -> None:
    """Bury a stage run that was just closed; the caller holds its document's row."""
    dead_letters.bury(tx, claimed, decision, traceback=traceback, now=now)
    state = RunState.REJECTED if decision.is_rejected else RunState.FAILED
    if claimed.document_id is None:
        waiting = jobs.waiting_for(claimed)
        jobs.finish(tx, waiting, state, now=now, code=decision.code, reason=decision.message)
        return
    needing = _needing(tx, claimed)
    if not claimed.rubric:
        _cancel_the_rest(tx, claimed, now)
    runs.finish(tx, needing, state, now=now, code=decision.code, reason=decision.message)


def _needing(tx: Connection, claimed: Claimed) -> list[str]:
    """A score belongs to its own run; what comes before it is needed by every run of the document."""
    if claimed.rubric:
        return [runs.run_of(claimed)]
    return [run.id for run in runs.running(tx, claimed.subject, claimed.pipeline_version)]


def _cancel_the_rest(tx: Connection, claimed: Claimed, now: datetime) -> None:
    stage_runs.cancel(
        tx,
        units.c.subject == claimed.subject,
        units.c.pipeline_version == claimed.pipeline_version,
        now=now,
    )
