"""What becomes of a stage run when its body returns, fails, is told to stop or is overtaken."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from celery.exceptions import Retry, SoftTimeLimitExceeded

from esg.errors import Rejected, Transient
from esg.state import Budget, Claimed, Done, Fence, Policy, State, Unit, open_engine
from tasks.base import Quarantined, StageTask, owner
from tasks.lease import Lease

Body = Callable[..., Any]


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    policy = Policy(lease_seconds=0.3, budget=Budget(max_retries=1, base_seconds=0.001))
    state = State.open(f"sqlite:///{tmp_path / 'state.sqlite'}", policy)
    yield state
    state.close()


@pytest.fixture
def claimed(state: State) -> Claimed:
    return claim(state, state.enqueue(Unit("index.probe", "subject", {"word": "hello"})))


def claim(state: State, unit: str) -> Claimed:
    found = state.claim(unit, owner("worker", 1))
    assert found is not None
    return found


def task(body: Body) -> StageTask:
    app = Celery("tests", set_as_current=False)
    made: StageTask = app.task(base=StageTask, name="index.probe", soft_time_limit=7, shared=False)(body)
    return made


def raising(error: BaseException) -> Body:
    def body(word: str) -> Done:
        raise error

    return body


def row_state(state: State) -> str:
    """The state of the only stage run."""
    ((name, count),) = state.stage_counts()["index"].items()
    assert count == 1
    return name


def test_a_body_gets_the_args_of_its_row_and_its_outcome_is_written(state: State, claimed: Claimed) -> None:
    seen: list[str] = []

    def body(word: str) -> Done:
        seen.append(word)
        return Done()

    assert task(body)._attempt(state, claimed).outcome == "done"
    assert (seen, row_state(state)) == (["hello"], "done")


def test_what_may_work_later_is_tried_again_and_then_set_aside(state: State, claimed: Claimed) -> None:
    fails = task(raising(Transient("The source does not answer.")))

    first = fails._attempt(state, claimed)
    assert (first.outcome, row_state(state)) == ("retry", "retry_wait")
    assert isinstance(first.signal, Retry)

    time.sleep(0.01)
    again = fails._attempt(state, claim(state, claimed.id))
    assert (again.outcome, row_state(state)) == ("failed", "dead")
    assert isinstance(again.signal, Quarantined)


def test_what_never_works_is_rejected_at_once_with_its_reason(state: State, claimed: Claimed) -> None:
    end = task(raising(Rejected("It is encrypted.", code="encrypted")))._attempt(state, claimed)

    assert (end.outcome, str(end.signal)) == ("rejected", "It is encrypted.")
    (letter,) = state.dead_letters()
    assert letter.reason_code == "encrypted"


def test_a_bug_is_loud_tried_once_more_and_set_aside(
    state: State, claimed: Claimed, caplog: pytest.LogCaptureFixture
) -> None:
    buggy = task(raising(KeyError("no such thing")))

    assert buggy._attempt(state, claimed).outcome == "retry"
    time.sleep(0.01)
    assert buggy._attempt(state, claim(state, claimed.id)).outcome == "failed"
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]


def test_the_soft_time_limit_may_be_bad_luck(state: State, claimed: Claimed) -> None:
    end = task(raising(SoftTimeLimitExceeded()))._attempt(state, claimed)

    assert end.outcome == "retry"
    assert "longer than 7 s" in str(end.signal)


@pytest.mark.parametrize("stop", [SystemExit(0), KeyboardInterrupt()])
def test_a_worker_that_is_told_to_stop_gives_its_task_back(
    state: State, claimed: Claimed, stop: BaseException
) -> None:
    with pytest.raises(type(stop)):
        task(raising(stop))._attempt(state, claimed)

    assert row_state(state) == "pending"
    assert claim(state, claimed.id).lost == 0


def test_a_body_that_is_ended_for_its_time_limit_is_not_given_back(state: State, claimed: Claimed) -> None:
    """It could go on like that for ever; its lease runs out, which counts as a death."""
    ended = task(raising(SystemExit(0)))
    ended.soft_time_limit = 1e-9

    with pytest.raises(SystemExit):
        ended._attempt(state, claimed)

    assert row_state(state) == "leased"


def test_a_lease_is_held_for_as_long_as_the_body_takes(state: State, claimed: Claimed) -> None:
    def body(word: str) -> Done:
        time.sleep(3 * state.policy.lease_seconds)
        assert state.sweep().lost == 0
        return Done()

    assert task(body)._attempt(state, claimed).outcome == "done"


def test_a_body_that_was_cancelled_is_interrupted_and_writes_nothing(
    state: State, claimed: Claimed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a worker's child the signal raises SoftTimeLimitExceeded; here the test's own thread asks for it."""
    interrupted: list[bool] = []
    monkeypatch.setattr(Lease, "interrupt", lambda self: interrupted.append(True))

    def body(word: str) -> Done:
        state.expire(claimed.id, claimed.owner)
        time.sleep(0.01)
        state.sweep()
        while not interrupted:
            time.sleep(0.01)
        raise SoftTimeLimitExceeded

    assert task(body)._attempt(state, claimed).outcome == "fenced"
    assert row_state(state) == "pending"


def test_a_result_that_comes_too_late_is_refused(state: State, claimed: Claimed) -> None:
    def body(word: str) -> Done:
        state.expire(claimed.id, claimed.owner)
        time.sleep(0.01)
        state.sweep()
        return Done()

    assert task(body)._attempt(state, claimed).outcome == "fenced"
    assert row_state(state) == "pending"


def test_the_leases_of_a_process_are_kept_by_one_thread(state: State) -> None:
    held = [claim(state, state.enqueue(Unit("index.probe", str(number), {}))) for number in range(5)]

    with ExitStack() as stack:
        leases = [stack.enter_context(Lease(state, claimed)) for claimed in held]
        time.sleep(3 * state.policy.lease_seconds)
        assert state.sweep().lost == 0
        assert len([thread for thread in threading.enumerate() if thread.name == "leases"]) == 1

    assert {lease.fence for lease in leases} == {Fence.PASSED}


def test_a_lease_that_cannot_be_looked_at_does_not_end_the_others(
    state: State, claimed: Claimed, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken = State(open_engine(f"sqlite:///{tmp_path / 'without-tables.sqlite'}"), state.policy)
    other = claim(state, state.enqueue(Unit("index.probe", "other", {"word": "hello"})))

    with Lease(broken, other), Lease(state, claimed):
        time.sleep(3 * state.policy.lease_seconds)
        report = state.sweep()

    assert [lost.id for lost in report.taken] == [other.id]
    assert "A lease could not be looked at." in caplog.messages
    broken.close()
