"""Many at once: threads and processes over one database; on SQLite and PostgreSQL."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import TypeVar

import pytest
from sqlalchemy.engine import Engine

from esg.domain import document_id
from esg.errors import NotFound, Rejected
from esg.state import Claimed, Fence, Job, State, Unit
from esg.state.schema import jobs, runs, stage_runs
from tests.fakes.little_fleet import POLICY, Clock, LittleFleet

Result = TypeVar("Result")
ACME = document_id(b"acme.pdf")


@pytest.fixture
def state(shared_engine: Engine) -> State:
    """Over the real clock."""
    return State(shared_engine, POLICY)


@pytest.fixture
def fleet(state: State) -> LittleFleet:
    return LittleFleet(state, Clock())


def at_once(calls: Sequence[Callable[[], Result]]) -> list[Result]:
    """Call everything in threads that start together."""
    barrier = threading.Barrier(len(calls))

    def call(do: Callable[[], Result]) -> Result:
        barrier.wait()
        return do()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(call, calls))


def test_of_many_claims_one_wins(state: State, fleet: LittleFleet) -> None:
    for number in range(5):
        fleet.submit(f"{number}.pdf")
    for unit in fleet.hints():
        claims = at_once([partial(state.claim, unit, f"w{n}") for n in range(8)])
        assert len([claimed for claimed in claims if claimed]) == 1


def test_of_many_completions_one_counts(state: State, fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    claimed = fleet.claim()

    fences = at_once([lambda: fleet.work(claimed)] * 8)

    assert Counter(fences) == {Fence.PASSED: 1, Fence.FENCED: 7}
    assert fleet.states("embed.batch") == {"pending": 2}


def test_the_last_batches_at_once_open_index_once(state: State) -> None:
    for number in range(3):
        source = f"{number}.pdf"
        fleet = LittleFleet(state, Clock(), batches={source: 8})
        fleet.submit(source)
        fleet.work(fleet.claim())
        batches = fleet.claim_all()

        fences = at_once([partial(fleet.work, claimed) for claimed in batches])

        assert fences == [Fence.PASSED] * 8
        assert fleet.open_tasks() == ["index.document"]
        fleet.run()
    assert state.document_counts() == {"scored": 3}


def test_the_same_job_id_at_once_is_one_job(state: State) -> None:
    submitted = at_once([lambda: state.submit("acme.pdf", document_id=ACME, job_id="one")] * 8)

    assert {job.id for job in submitted} == {"one"}
    assert _count(state) == (1, 1, 1)


def test_the_same_document_at_once_is_one_run(state: State, fleet: LittleFleet) -> None:
    submitted: list[Job] = at_once([lambda: state.submit("acme.pdf", document_id=ACME)] * 8)

    assert _count(state) == (8, 1, 1)
    fleet.run()
    assert {state.job(job.id).state for job in submitted} == {"scored"}


def test_one_of_many_beats_fires(state: State) -> None:
    slot, night = Clock().now, Unit("score.nightly", "night", {"call": "night"})

    assert sorted(at_once([lambda: state.fire("nightly", slot, night)] * 8)) == [False] * 7 + [True]
    assert state.backlog() == 1


def test_many_dispatchers_give_out_each_hint_once(state: State) -> None:
    for number in range(40):
        state.submit(f"{number}.pdf")

    at_once([lambda: state.dispatch({"ingest": 100})] * 4)
    taken = at_once([lambda: state.take_outbox(10)] * 4)

    units = [hint.unit for hints in taken for hint in hints]
    assert len(units) == len(set(units)) == 40


def test_a_job_is_cancelled_or_goes_on_but_never_both(state: State) -> None:
    for number in range(10):
        fleet = LittleFleet(state, Clock())
        job = state.submit(f"{number}.pdf")
        claimed = fleet.claim()

        at_once([partial(fleet.work, claimed), partial(state.cancel, job.id)])

        assert state.job(job.id).state == "cancelled"
        assert fleet.open_tasks() == []


@pytest.mark.slow
def test_a_crowd_never_deadlocks(state: State) -> None:
    """Everything at once on few documents: an error of any thread, a deadlock's Transient too, fails."""
    ends = time.monotonic() + 4
    at_once([partial(_act, state, random.Random(seed), ends) for seed in range(8)])

    fleet = LittleFleet(state, Clock())
    for hours in range(200):  # one instant again and again would wait for hints that it gave out itself
        if not state.backlog():
            break
        state.sweep(Clock().now.replace(year=2099) + timedelta(hours=hours))
        for claimed in fleet.claim_all():
            fleet.work(claimed)
    left = [job for job in state.jobs(10_000) if not job.is_over]
    assert (state.backlog(), left) == (0, [])


def _act(state: State, dice: random.Random, ends: float) -> None:
    fleet = LittleFleet(state, Clock(), batches={"a": 3, "b": 2, "c": 0})
    held: list[Claimed] = []
    while time.monotonic() < ends:
        source, rubric = dice.choice("abc"), dice.choice("rs")
        match dice.randrange(10):
            case 0:
                state.submit(source, rubric=rubric, force=dice.random() < 0.3)
            case 1:
                company = dice.choice([None, "Acme", "Other"])
                fleet.submit(source, rubric=rubric, company=company, force=dice.random() < 0.3)
            case 2 | 3:
                held += fleet.claim_all(f"w{dice.random()}")
            case 4 | 5 | 6 if held:
                claimed = held.pop(dice.randrange(len(held)))
                fleet.work(claimed) if dice.random() < 0.5 else fleet.finish(claimed)
            case 7 if held:
                error = dice.choice([Rejected("no", code="no"), ValueError("bug")])
                state.fail(held.pop(), error)
            case 8:
                _change_a_mind(state, dice)
            case 9:
                state.sweep(Clock().now.replace(year=2099) if dice.random() < 0.2 else None)


def _change_a_mind(state: State, dice: random.Random) -> None:
    listed = state.jobs(10)
    if listed and dice.random() < 0.5:
        state.cancel(dice.choice(listed).id)
    elif letters := state.dead_letters():
        try:
            state.retry_dead_letter(dice.choice(letters).id)
        except (Rejected, NotFound):
            return  # another thread was first


@pytest.mark.slow
def test_processes_that_are_killed_lose_nothing_and_double_nothing(state: State, database_url: str) -> None:
    sources = [f"{number}.pdf" for number in range(12)]
    for source in sources:
        state.submit(source)
    workers = [_start(database_url, f"w{number}") for number in range(4)]

    for victim in workers[:2]:
        assert victim.stdout
        victim.stdout.readline()
        time.sleep(0.5)
        os.kill(victim.pid, signal.SIGKILL)
    for worker in workers:
        worker.communicate(timeout=120)

    assert [worker.returncode for worker in workers[2:]] == [0, 0]
    assert [job.state for job in state.jobs()] == ["scored"] * 12
    with state.engine.connect() as connection:
        rows = connection.execute(stage_runs.select()).all()
    (together,) = state.company_years()
    assert (len(together.documents), together.key) == (12, f"gold/{together.id}")
    assert "score.company" in {row.task for row in rows}  # how often depends on who was killed when
    assert Counter(row.task for row in rows if row.task != "score.company") == {
        "ingest.source": 12,
        "ingest.document": 12,
        "embed.batch": 24,
        "index.document": 12,
        "score.document": 12,
    }
    assert {row.state for row in rows} == {"done"}


def _start(url: str, name: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.fakes.state_worker", url, name]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _count(state: State) -> tuple[int, int, int]:
    with state.engine.connect() as connection:
        tables = (jobs, runs, stage_runs)
        found = [len(connection.execute(table.select()).all()) for table in tables]
    return found[0], found[1], found[2]
