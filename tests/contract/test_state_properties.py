"""Whatever happens in whatever order, the state keeps its promises; on SQLite and PostgreSQL.

A broker that loses, doubles and reorders hints; workers that die, come back late or are told to stop; people
who submit, cancel, retry and force: after every step the invariants hold, and in the end every job is over.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.engine import Engine

from esg.domain import document_id
from esg.errors import Rejected, Transient
from esg.state import Claimed, Fence, State
from esg.state.schema import dead_letters, jobs, runs, scorecards, stage_runs
from tests.fakes.little_fleet import POLICY, Clock, LittleFleet, open_state, wipe

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

    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        policy = replace(POLICY, depth=dict.fromkeys(("ingest", "embed", "index", "score"), 3))
        wipe(self.engine)
        self.state: State = open_state(self.engine, self.clock, policy)
        self.fleet = LittleFleet(self.state, self.clock, batches=SOURCES)
        self.jobs: list[str] = []
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
            job_id=f"job-{len(self.jobs)}",  # not random: a failure must come again
        )
        again = self.state.submit("another.pdf", job_id=job.id)
        assert again == job
        self.jobs.append(job.id)

    @precondition(lambda self: self.jobs)
    @rule(n=pick)
    def cancel(self, n: int) -> None:
        job = self.state.job(self.jobs[n % len(self.jobs)])
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
        over = {job.id for job in Snapshot.of(self.state).jobs if job.state in OVER}
        self.final = {job: state for job, state in self.final.items() if job in over}

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
    def the_promises_hold(self) -> None:
        now = Snapshot.of(self.state)
        self._what_is_over_stays_as_it_ended(now)
        self._nothing_takes_effect_twice()
        now.index_comes_after_every_batch_and_score_after_index()
        now.whoever_waits_waits_for_something()
        now.nothing_is_done_for_nobody()
        now.what_is_dead_has_a_letter()

    def _what_is_over_stays_as_it_ended(self, now: "Snapshot") -> None:
        for job in now.jobs:
            assert self.final.get(job.id, job.state) == job.state
            assert (job.state in OVER) == (job.finished_at is not None)
            if job.state in OVER:
                self.final[job.id] = job.state

    def _nothing_takes_effect_twice(self) -> None:
        for (task, subject, _batch), times in self.fleet.effects.items():
            limit = 2 if task == "score.document" else 1  # one for each rubric
            assert times <= limit or subject in self.done_twice_allowed

    def teardown(self) -> None:
        """With workers that work, every job comes to its end."""
        for _ in range(60):
            if not self.fleet.open_tasks():
                break
            self.clock.turn(700)
            self.state.sweep()
            for claimed in self.fleet.claim_all("w3"):
                self.fleet.work(claimed)
        self._everything_is_over()

    def _everything_is_over(self) -> None:
        now = Snapshot.of(self.state)
        assert self.fleet.open_tasks() == []
        assert all(job.state in OVER for job in now.jobs)
        assert not any(run.state == "running" for run in now.runs)
        have = {(card.document_id, card.rubric) for card in now.scorecards}
        assert {(job.document_id, job.rubric) for job in now.jobs if job.state == "scored"} <= have

    def _holds(self, claimed: Claimed) -> bool:
        with self.state.engine.connect() as connection:
            row = connection.execute(stage_runs.select().where(stage_runs.c.id == claimed.id)).one()
        return bool(row.state == "leased" and row.epoch == claimed.epoch)


@dataclass(frozen=True)
class Snapshot:
    """Every row there is."""

    jobs: Sequence[Any]
    runs: Sequence[Any]
    units: Sequence[Any]
    letters: Sequence[Any]
    scorecards: Sequence[Any]

    @classmethod
    def of(cls, state: State) -> "Snapshot":
        with state.engine.connect() as connection:
            tables = (jobs, runs, stage_runs, dead_letters, scorecards)
            return cls(*(connection.execute(table.select()).all() for table in tables))

    def index_comes_after_every_batch_and_score_after_index(self) -> None:
        for unit in self.units:
            if unit.task == "index.document" and unit.state in (*OPEN, "done"):
                [ingest] = self._of(unit.subject, "ingest.document")
                embedded = [u for u in self._of(unit.subject, "embed.batch") if u.state == "done"]
                assert (ingest.state, len(embedded)) == ("done", ingest.batches)
            if unit.task == "score.document" and unit.state in OPEN:
                [index] = self._of(unit.subject, "index.document")
                assert index.state == "done"

    def whoever_waits_waits_for_something(self) -> None:
        for job in self._open_jobs():
            if job.run_id is None:
                assert any(unit.subject == job.id for unit in self._open_units())
            else:
                assert any(run.id == job.run_id for run in self._live_runs())
        for run in self._live_runs():
            mine = [u for u in self._open_units() if u.subject == run.document_id]
            assert any(u.rubric in ("", run.rubric) for u in mine)

    def nothing_is_done_for_nobody(self) -> None:
        for run in self._live_runs():
            assert any(job.run_id == run.id for job in self._open_jobs())
        wanted = {run.document_id for run in self._live_runs()} | {job.id for job in self._open_jobs()}
        assert {unit.subject for unit in self._open_units()} <= wanted

    def what_is_dead_has_a_letter(self) -> None:
        dead = {unit.id for unit in self.units if unit.state == "dead"}
        letters = {letter.stage_run_id: letter.state for letter in self.letters}
        assert {unit for unit, state in letters.items() if state == "open"} <= dead <= set(letters)

    def _of(self, subject: str, task: str) -> list[Any]:
        return [unit for unit in self.units if (unit.subject, unit.task) == (subject, task)]

    def _open_units(self) -> list[Any]:
        return [unit for unit in self.units if unit.state in OPEN]

    def _live_runs(self) -> list[Any]:
        return [run for run in self.runs if run.state == "running"]

    def _open_jobs(self) -> list[Any]:
        return [job for job in self.jobs if job.state not in OVER]


@pytest.mark.slow
def test_the_state_keeps_its_promises(shared_engine: Engine) -> None:
    Fleet.engine = shared_engine
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Fleet,
        settings=settings(
            max_examples=20,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
