"""Whatever happens in whatever order, the state keeps its promises; on SQLite and PostgreSQL.

A broker that loses, doubles and reorders hints; workers that die, come back late or are told to stop; people
who submit, cancel, retry and force: after every step the invariants hold, and in the end every job is over.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from esg.domain import document_id
from esg.errors import Rejected, Transient
from esg.state import Claimed, Fence, Job, State
from esg.state.schema import dead_letters, jobs, runs, scorecards, stage_runs
from tests.fakes.little_fleet import POLICY, Clock, LittleFleet, open_state

OVER = ("scored", "rejected", "failed", "cancelled")
OPEN = ("pending", "queued", "leased", "retry_wait")
SOURCES = {"none.pdf": 0, "one.pdf": 1, "two.pdf": 2, "five.pdf": 5}
ERRORS: list[Callable[[], Exception]] = [
    lambda: Transient("busy"),
    lambda: Rejected("no", code="no"),
    lambda: ValueError("bug"),
]
pick = st.integers(min_value=0, max_value=10_000)


class Fleet(RuleBasedStateMachine):
    """The model: what a broker carries, who believes to hold what, and what was seen to be final."""

    new_database: Callable[[], str]

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        policy = replace(POLICY, depth=dict.fromkeys(("ingest", "embed", "index", "score"), 3))
        self.state: State = open_state(type(self).new_database(), self.clock, policy)
        self.fleet = LittleFleet(self.state, self.clock, batches=SOURCES)
        self.hints: list[str] = []
        self.claims: list[Claimed] = []
        self.final: dict[str, str] = {}
        self.passed: set[tuple[str, int]] = set()
        self.done_twice_allowed: set[str] = set()

    # -- people

    @rule(
        source=st.sampled_from(sorted(SOURCES)),
        rubric=st.sampled_from(["a", "a", "b"]),
        is_fetched=st.booleans(),
        company=st.sampled_from([None, None, "Acme"]),
        force=st.sampled_from([False, False, False, True]),
    )
    def submit(self, source: str, rubric: str, is_fetched: bool, company: str | None, force: bool) -> None:
        document = document_id(source.encode())
        if force or company:
            self.done_twice_allowed.add(document)
        job = self.state.submit(
            source,
            document_id=document if is_fetched else None,
            rubric=rubric,
            company=company,
            force=force,
        )
        again = self.state.submit("another.pdf", job_id=job.id)
        assert again == job

    @precondition(lambda self: self.state.jobs())
    @rule(n=pick)
    def cancel(self, n: int) -> None:
        listed = self.state.jobs()
        job = listed[n % len(listed)]
        ended = self.state.cancel(job.id)
        assert ended.state == (job.state if job.is_over else "cancelled")

    @precondition(lambda self: self.state.dead_letters())
    @rule(n=pick, is_dropped=st.booleans())
    def deal_with_a_dead_letter(self, n: int, is_dropped: bool) -> None:
        letters = self.state.dead_letters()
        letter = letters[n % len(letters)]
        if is_dropped:
            self.state.drop_dead_letter(letter.id)
            return
        self.state.retry_dead_letter(letter.id)
        brought_back = {job.id for job in self.state.jobs(1000) if not job.is_over}
        self.final = {job: state for job, state in self.final.items() if job not in brought_back}

    # -- the broker

    @rule(is_lost=st.booleans())
    def dispatch(self, is_lost: bool) -> None:
        self.state.dispatch()
        hints = self.state.take_outbox(5)
        if is_lost:  # the dispatcher died between publishing and marking, or the broker lost them
            self.hints += [hint.unit for hint in hints[::2]]
        else:
            self.hints += [hint.unit for hint in hints]
            self.state.mark_published(hints)

    @rule()
    def flush(self) -> None:
        self.hints.clear()

    @rule()
    def hint_everything(self) -> None:
        self.state.hint_everything()

    # -- workers

    @precondition(lambda self: self.hints)
    @rule(n=pick, owner=st.sampled_from(["w1", "w2"]), is_doubled=st.booleans())
    def claim(self, n: int, owner: str, is_doubled: bool) -> None:
        unit = self.hints[n % len(self.hints)]
        if not is_doubled:
            self.hints.remove(unit)
        if claimed := self.state.claim(unit, owner):
            self.claims.append(claimed)

    @precondition(lambda self: self.claims)
    @rule(n=pick)
    def heartbeat(self, n: int) -> None:
        claimed = self.claims[n % len(self.claims)]
        fence = self.state.heartbeat(claimed)
        assert (fence is Fence.PASSED) == self._holds(claimed)

    @precondition(lambda self: self.claims)
    @rule(n=pick)
    def complete(self, n: int) -> None:
        claimed = self.claims[n % len(self.claims)]
        held = self._holds(claimed)
        fence = self.fleet.work(claimed)
        assert (fence is Fence.PASSED) == held
        if fence is Fence.PASSED:
            assert (claimed.id, claimed.epoch) not in self.passed
            self.passed.add((claimed.id, claimed.epoch))

    @precondition(lambda self: self.claims)
    @rule(n=pick, error=st.sampled_from(ERRORS))
    def fail(self, n: int, error: Callable[[], Exception]) -> None:
        claimed = self.claims[n % len(self.claims)]
        held = self._holds(claimed)
        assert isinstance(self.state.fail(claimed, error()), Fence) != held

    @precondition(lambda self: self.claims)
    @rule(n=pick)
    def release(self, n: int) -> None:
        claimed = self.claims[n % len(self.claims)]
        held = self._holds(claimed)
        assert (self.state.release(claimed) is Fence.PASSED) == held

    # -- time

    @rule(seconds=st.sampled_from([1.0, 21.0, 40.0, 700.0]))
    def turn(self, seconds: float) -> None:
        self.clock.turn(seconds)

    @rule()
    def sweep(self) -> None:
        self.state.sweep()

    # -- what always holds

    @invariant()
    def what_is_over_stays_as_it_ended(self) -> None:
        for job in self.state.jobs(1000):
            assert self.final.get(job.id, job.state) == job.state
            assert job.is_over == (job.finished_at is not None)
            if job.is_over:
                self.final[job.id] = job.state

    @invariant()
    def nothing_takes_effect_twice(self) -> None:
        for (_task, subject, _batch), times in self.fleet.effects.items():
            limit = 2 if _task == "score.document" else 1  # one for each rubric
            assert times <= limit or subject in self.done_twice_allowed

    @invariant()
    def index_comes_after_every_batch_and_score_after_index(self) -> None:
        rows = self._rows(stage_runs)
        for row in rows:
            if row.task == "index.document" and row.state in (*OPEN, "done"):
                [ingest] = [r for r in rows if r.subject == row.subject and r.task == "ingest.document"]
                embedded = [
                    r
                    for r in rows
                    if r.subject == row.subject and r.task == "embed.batch" and r.state == "done"
                ]
                assert (ingest.state, len(embedded)) == ("done", ingest.batches)
            if row.task == "score.document" and row.state in OPEN:
                assert any(
                    r.subject == row.subject and r.task == "index.document" and r.state == "done"
                    for r in rows
                )

    @invariant()
    def whoever_waits_waits_for_something_and_nothing_is_done_for_nobody(self) -> None:
        units = [row for row in self._rows(stage_runs) if row.state in OPEN]
        live_runs = [row for row in self._rows(runs) if row.state == "running"]
        open_jobs = [row for row in self._rows(jobs) if row.state not in OVER]
        for job in open_jobs:
            if job.run_id is None:
                assert any(unit.subject == job.id for unit in units)
            else:
                assert any(run.id == job.run_id for run in live_runs)
        for run in live_runs:
            assert any(u.subject == run.document_id and u.rubric in ("", run.rubric) for u in units)
            assert any(job.run_id == run.id for job in open_jobs)
        wanted = {run.document_id for run in live_runs} | {job.id for job in open_jobs}
        assert {unit.subject for unit in units} <= wanted

    @invariant()
    def what_is_dead_has_a_letter(self) -> None:
        dead = {row.id for row in self._rows(stage_runs) if row.state == "dead"}
        letters = {row.stage_run_id: row.state for row in self._rows(dead_letters)}
        assert {unit for unit, state in letters.items() if state == "open"} <= dead <= set(letters)

    def teardown(self) -> None:
        """With workers that work, every job comes to its end."""
        try:
            for _ in range(60):
                if not self.fleet.open_tasks():
                    break
                self.clock.turn(700)
                self.state.sweep()
                for claimed in self.fleet.claim_all("w3"):
                    self.fleet.work(claimed)
            self._everything_is_over()
        finally:
            self.state.close()

    def _everything_is_over(self) -> None:
        assert self.fleet.open_tasks() == []
        listed: list[Job] = self.state.jobs(1000)
        assert all(job.is_over for job in listed)
        have = {(row.document_id, row.rubric) for row in self._rows(scorecards)}
        assert {(job.document_id, job.rubric) for job in listed if job.state == "scored"} <= have
        assert not any(row.state == "running" for row in self._rows(runs))

    def _holds(self, claimed: Claimed) -> bool:
        [row] = [row for row in self._rows(stage_runs) if row.id == claimed.id]
        return bool(row.state == "leased" and row.epoch == claimed.epoch)

    def _rows(self, table: sa.Table) -> Any:
        with self.state.engine.connect() as connection:
            return connection.execute(table.select()).all()


@pytest.mark.slow
def test_the_state_keeps_its_promises(new_database: Callable[[], str]) -> None:
    class Bound(Fleet):
        pass

    Bound.new_database = staticmethod(new_database)
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Bound,
        settings=settings(
            max_examples=25,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
