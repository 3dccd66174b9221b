"""How every task runs: its log context (`FleetTask`); claim, heartbeat, commit and dispatch (`StageTask`)."""

import json
import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from celery import Task
from celery.exceptions import Retry as Again
from celery.exceptions import SoftTimeLimitExceeded

from esg import logs, tracing
from esg.budget import on_behalf_of, run_of
from esg.errors import EsgError, Rejected, Transient
from esg.resources import CALLS, resources
from esg.state import Claimed, Fence, Hint, Outcome, Quarantine, Retry, State
from tasks import flows, metrics
from tasks.dispatch import BATCH, dispatch, publish
from tasks.lease import Lease
from tasks.refused import bury
from tasks.signals import stage_run_began, stage_run_ended

log = logging.getLogger(__name__)

Written = TypeVar("Written")
COMMIT_TRIES = 3  # at a database that is away for a moment; what is not written by then is done again


class Quarantined(Exception):
    """The stage run was set aside as a dead letter; SQL says why. Raised for Flower to see."""


class FleetTask(Task):  # type: ignore[type-arg]
    """A task without a row of its own: short, harmless to repeat, called by beat or by hand."""

    abstract = True
    typing = False  # a message names a row or makes a submission; the body's own arguments are in the row
    throws = (Quarantined,)  # told by us, so Celery need not show its traceback

    def __call__(self, *args: Any, **kwargs: Any) -> None:
        with logs.bind(stage=self.stage, queue=self.stage, task_id=self.request.id):
            with self._or_buried(args, kwargs):
                named = flows.named(self.name, args)
            self.handle(**named, **kwargs)

    @property
    def description(self) -> str:
        """The arrow of its docstring: Flower shows it, and `celery -A esg inspect registered description`."""
        return (type(self).run.__doc__ or "").partition("\n")[0]

    @property
    def stage(self) -> str:
        return self.name.partition(".")[0]

    def handle(self, **kwargs: Any) -> None:
        """Do what the message says."""
        with self._or_buried((), kwargs):
            flows.check_nothing(self.name, kwargs)
        self.run()

    @contextmanager
    def _or_buried(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Iterator[None]:
        """Leave a dead letter of a message that makes no sense, and raise what is wrong with it."""
        try:
            yield
        except Rejected as why:
            body = json.dumps((args, kwargs), default=str).encode()
            bury(self.name, self.request.id, body, why, worker=self.request.hostname or "")
            raise


class StageTask(FleetTask):
    """A task whose work is a row of `stage_runs`.

    `{"unit": ID}` is a hint to advance that row: claim it, run the body on the row's args, write the outcome
    and what follows in one transaction, publish. Any other message is a submission: it is written down under
    the message's own id and done when its turn comes.
    """

    abstract = True
    Request = "tasks.request:StageRequest"

    def handle(self, unit: str | None = None, **kwargs: Any) -> None:
        state, hints = self.open_state(), None
        try:
            if unit is None:
                self._admit(state, kwargs)
            else:
                hints = self._advance(state, unit)
        finally:
            if hints is None:
                dispatch(self.app, state)
            else:
                publish(self.app, state, hints)

    def open_state(self) -> State:
        """The state that its stage runs are in."""
        return resources().state

    @property
    def traceparent(self) -> str:
        """What the message continues; "" where its sender knows no traces."""
        return tracing.current() or self.request.get("traceparent") or ""

    def _admit(self, state: State, kwargs: Mapping[str, Any]) -> None:
        call = flows.Call(self.request.id or "", self.traceparent or state.new_trace())
        with self._or_buried((), kwargs):
            flows.admit(self.name, kwargs, resources=resources(), call=call)
        metrics.SUBMISSIONS.labels(self.name).inc()

    def _advance(self, state: State, unit: str) -> Sequence[Hint] | None:
        """Do one stage run, unless someone else does it or did; gives the hints its end has taken, if any."""
        claimed = state.claim(unit, owner=owner(self.request.hostname or "", os.getpid()))
        if claimed is None:
            metrics.TASK_SECONDS.labels(self.stage, "duplicate").observe(0)
            return None
        metrics.TASK_WAIT.labels(self.stage).observe(_waited_seconds(claimed))
        with _context(claimed), metrics.TASKS_RUNNING.labels(self.stage).track_inprogress():
            return self._do(state, claimed).hints

    def _do(self, state: State, claimed: Claimed) -> "End":
        """Run the body and see to it that its end is known, whatever it is."""
        started = time.monotonic()
        end = End("released")
        stage_run_began.send(sender=self, claimed=claimed)
        try:
            end = self._attempt(state, claimed)
        finally:
            seconds = time.monotonic() - started
            stage_run_ended.send(sender=self, claimed=claimed, outcome=end.outcome)
            metrics.TASK_SECONDS.labels(self.stage, end.outcome).observe(seconds)
            metrics.count_calls(CALLS)
            log.info(
                "%s: %s", self.name, end.outcome,
                extra={"outcome": end.outcome, "duration_ms": round(seconds * 1000)},
            )  # fmt: skip
        if end.signal:
            raise end.signal
        return end

    def _attempt(self, state: State, claimed: Claimed) -> "End":
        lease = Lease(state, claimed)
        started = time.monotonic()
        try:
            with lease:
                result: Outcome = self.run(**claimed.args)
        except (SystemExit, KeyboardInterrupt):  # the worker is told to stop, or its task to end
            if not self._is_overdue(time.monotonic() - started):
                state.release(claimed)
            raise
        except Exception as error:  # whatever it is, SQL must know: this is the one place that decides
            return self._settle(state, claimed, lease, error)
        fence, hints = _insist(lambda: state.complete_and_take(claimed, result, BATCH))
        if fence is not Fence.PASSED:
            return End(fence.value)
        metrics.count(result, claimed, state)
        return End("done", hints=hints)

    def _is_overdue(self, seconds: float) -> bool:
        """Whether a body is ended for its time limit: that counts as a death, giving it back would not."""
        return bool(self.soft_time_limit) and seconds >= float(self.soft_time_limit or 0)

    def _settle(self, state: State, claimed: Claimed, lease: Lease, error: Exception) -> "End":
        """Write a failure down; what became of it decides what Flower shows."""
        if lease.fence is not Fence.PASSED:
            return End(lease.fence.value)
        if isinstance(error, SoftTimeLimitExceeded):
            error = Transient(f"{self.name} took longer than {self.soft_time_limit} s.")
        if not isinstance(error, EsgError):
            log.error("%s failed.", self.name, exc_info=error)
        match _insist(lambda: state.fail(claimed, error)):
            case Quarantine(is_rejected, _, message):
                outcome = "rejected" if is_rejected else "failed"
                metrics.DOCUMENTS.labels(outcome).inc()
                return End(outcome, Quarantined(message))
            case Retry(not_before):
                return End("retry", Again(str(error), error, not_before))
            case fence:
                return End(fence.value)


class HouseTask(StageTask):
    """A stage task about no document: it loads no model to name a pipeline."""

    abstract = True

    def open_state(self) -> State:
        return resources().housekeeping


@dataclass(frozen=True, slots=True)
class End:
    """How a stage run ended, and what to raise so that Celery's events say so."""

    outcome: str  # done, retry, rejected, failed, released, duplicate, fenced, cancelled
    signal: Exception | None = None
    hints: Sequence[Hint] | None = None  # taken with the end, to be published; None: whatever is due


def owner(worker: str, pid: int) -> str:
    """Name who holds a lease: the worker's node name and the process that runs the body."""
    return f"{worker}:{pid}"


def _insist(write: Callable[[], Written]) -> Written:
    for _ in range(COMMIT_TRIES - 1):
        try:
            return write()
        except Transient as error:
            log.warning("The end of a task could not be written yet: %s", error)
            time.sleep(1)
    return write()


def _waited_seconds(claimed: Claimed) -> float:
    since = claimed.enqueued_at or claimed.started_at
    return max(0.0, (claimed.started_at - since).total_seconds())


@contextmanager
def _context(claimed: Claimed) -> Iterator[None]:
    """Let logs say which document it is about, and its budget pay."""
    fields = {"document_id": claimed.document_id} if claimed.document_id else {}
    with (
        logs.bind(trace_id=tracing.trace_id(claimed.trace), **fields),
        on_behalf_of(run_of(claimed.document_id or claimed.subject, claimed.pipeline_version)),
    ):
        yield
