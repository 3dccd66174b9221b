"""Leases, fences, failures and losses; on SQLite and PostgreSQL."""

from datetime import timedelta

import pytest

from esg.domain import document_id
from esg.errors import Rejected, Transient, Unavailable
from esg.state import CompanyScored, Fence, Quarantine, Retry, State, Unit
from esg.state.engine import writing
from esg.state.retry import lost_worker
from esg.state.transitions import Trouble, lose
from tests.fakes.little_fleet import Clock, LittleFleet

ACME = document_id(b"acme.pdf")


def test_a_stage_run_has_one_holder(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    claimed = fleet.claim("w1")

    assert fleet.state.claim(claimed.id, "w2") is None
    assert (claimed.owner, claimed.epoch, claimed.attempts) == ("w1", 1, 1)
    assert claimed.lease_until == fleet.clock.now + timedelta(seconds=20)


def test_a_claim_may_come_before_its_hint(fleet: LittleFleet) -> None:
    unit = fleet.state.enqueue(Unit("etl.gold", "2026-11-22", {}))

    assert fleet.state.claim(unit, "w1")
    assert fleet.state.claim("no such unit", "w1") is None


def test_the_first_claim_sets_the_job_running(fleet: LittleFleet) -> None:
    job = fleet.state.submit("acme.pdf")
    assert job.state == "queued"

    fleet.claim()

    assert fleet.state.job(job.id).state == "running"


def test_a_heartbeat_holds_the_lease(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    claimed = fleet.claim()
    fleet.clock.turn(15)

    assert fleet.state.heartbeat(claimed) is Fence.PASSED
    fleet.clock.turn(15)
    assert fleet.state.sweep().lost == 0
    assert fleet.work(claimed) is Fence.PASSED


def test_a_silent_worker_loses_its_stage_run_and_is_fenced_off(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    old = fleet.claim("w1")
    fleet.clock.turn(21)

    assert fleet.state.sweep().lost == 1
    new = fleet.claim("w2")

    assert (new.id, new.epoch, new.lost) == (old.id, 2, 1)
    assert fleet.state.heartbeat(old) is Fence.FENCED
    assert fleet.work(old) is Fence.FENCED
    assert fleet.state.fail(old, ValueError("late")) is Fence.FENCED
    assert fleet.state.release(old) is Fence.FENCED
    assert fleet.work(new) is Fence.PASSED
    assert fleet.work(new) is Fence.FENCED
    assert fleet.states("embed.batch") == {"pending": 2}


def fail_until(fleet: LittleFleet, error: Exception, *, seconds: float) -> Retry | Quarantine:
    """Claim and fail the one stage run there is, each time it is due, for so long."""
    end = fleet.clock.now + timedelta(seconds=seconds)
    while True:
        decision = fleet.state.fail(fleet.claim(), error)
        if not isinstance(decision, Retry) or fleet.clock.now >= end:
            assert isinstance(decision, Retry | Quarantine)
            return decision
        fleet.clock.turn(61)
        fleet.state.sweep()


def test_an_outage_costs_a_document_none_of_its_retries(fleet: LittleFleet) -> None:
    job = fleet.submit("acme.pdf")

    assert isinstance(fail_until(fleet, Unavailable("Away."), seconds=5 * 3600), Retry)
    fleet.clock.turn(61)
    fleet.state.sweep()
    claimed = fleet.claim()
    assert (claimed.retries, claimed.lost) == (0, 0)
    assert claimed.attempts > 100
    assert fleet.work(claimed) is Fence.PASSED
    fleet.run()
    assert fleet.state.job(job.id).state == "scored"


def test_an_outage_that_does_not_end_makes_a_dead_letter(fleet: LittleFleet) -> None:
    job = fleet.submit("acme.pdf")

    end = fail_until(fleet, Unavailable("Away."), seconds=7 * 3600)

    assert isinstance(end, Quarantine)
    assert fleet.state.job(job.id).state == "failed"
    (letter,) = fleet.state.dead_letters()
    assert letter.reason_code == "exhausted"


def test_one_outage_is_over_when_something_else_happens(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    fail_until(fleet, Unavailable("Away."), seconds=5 * 3600)
    fleet.clock.turn(61)
    fleet.state.sweep()

    fleet.state.fail(fleet.claim(), Transient("Busy."))
    fleet.clock.turn(61)
    fleet.state.sweep()

    assert isinstance(fail_until(fleet, Unavailable("Away again."), seconds=5 * 3600), Retry)


def test_a_worker_that_finishes_late_but_before_the_sweep_has_finished(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    claimed = fleet.claim()
    fleet.clock.turn(100)

    assert fleet.work(claimed) is Fence.PASSED
    assert fleet.state.sweep().lost == 0


def test_a_heartbeat_between_the_sweeps_look_and_its_act_saves_the_lease(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    seen = fleet.claim()
    fleet.clock.turn(21)
    fleet.state.heartbeat(seen)

    with writing(fleet.state.engine) as tx:
        trouble = Trouble(lost_worker(seen.owner, seen.stage))
        fence = lose(tx, seen, Retry(fleet.clock.now), trouble, now=fleet.clock.now)

    assert fence is Fence.FENCED
    assert fleet.work(seen) is Fence.PASSED


def test_a_worker_that_was_seen_to_die_loses_its_lease_at_once(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    claimed = fleet.claim("w1")

    assert not fleet.state.expire(claimed.id, "w2")
    assert fleet.state.expire(claimed.id, "w1")
    fleet.clock.turn(0.1)

    assert fleet.state.sweep().lost == 1
    assert not fleet.state.expire(claimed.id, "w1")


def test_what_kills_every_worker_is_set_aside_as_poison(fleet: LittleFleet) -> None:
    job = fleet.submit("acme.pdf")
    for owner in ("w1", "w2", "w3"):
        fleet.claim(owner)
        fleet.clock.turn(21)
        report = fleet.state.sweep()

    assert (report.lost, report.poisoned) == (0, 1)
    ended = fleet.state.job(job.id)
    assert (ended.state, ended.reason_code) == ("failed", "poison")
    assert "3 workers died" in ended.reason
    [letter] = fleet.state.dead_letters()
    assert (letter.worker, letter.stage, letter.kind, letter.attempts) == ("w3", "ingest", "failed", 3)
    assert fleet.hints() == []


def test_a_released_stage_run_counts_neither_as_failed_nor_as_lost(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    for _ in range(10):
        assert fleet.state.release(fleet.claim()) is Fence.PASSED

    claimed = fleet.claim()

    assert (claimed.retries, claimed.lost, claimed.attempts) == (0, 0, 11)


def test_a_transient_error_waits_and_is_tried_again(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    claimed = fleet.claim()

    decision = fleet.state.fail(claimed, Transient("The host is busy."))

    assert decision == Retry(fleet.clock.now + timedelta(seconds=1))
    assert fleet.hints() == []
    assert fleet.state.claim(claimed.id, "w1") is None
    fleet.clock.turn(1)
    assert fleet.state.sweep().retried == 1
    again = fleet.claim()
    assert (again.id, again.retries) == (claimed.id, 1)


def test_a_retry_that_is_due_may_be_claimed_before_the_sweep(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    claimed = fleet.claim()
    fleet.state.fail(claimed, Transient("The host is busy."))
    fleet.clock.turn(1)

    assert fleet.state.claim(claimed.id, "w2")


def test_a_server_that_asks_for_patience_gets_it(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")

    decision = fleet.state.fail(fleet.claim(), Transient("Too many requests.", retry_after_seconds=120))

    assert decision == Retry(fleet.clock.now + timedelta(seconds=121))


def test_retries_have_a_budget(fleet: LittleFleet) -> None:
    job = fleet.submit("acme.pdf")
    decisions = []
    for _ in range(4):
        decisions.append(fleet.state.fail(fleet.claim(), Transient("The host is busy.")))
        fleet.clock.turn(600)
        fleet.state.sweep()

    assert [type(decision) for decision in decisions] == [Retry, Retry, Retry, Quarantine]
    ended = fleet.state.job(job.id)
    assert (ended.state, ended.reason_code) == ("failed", "exhausted")
    assert ended.reason == "Gave up after 3 retries: The host is busy."


def test_a_bug_is_tried_once_more_and_leaves_its_traceback(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    decisions = []
    for _ in range(2):
        decisions.append(fleet.state.fail(fleet.claim(), _raised()))
        fleet.clock.turn(600)
        fleet.state.sweep()

    assert [type(decision) for decision in decisions] == [Retry, Quarantine]
    [letter] = fleet.state.dead_letters()
    assert (letter.kind, letter.reason_code) == ("failed", "bug")
    assert letter.reason == "The engine failed: KeyError: 'scope'"
    assert "_raised" in letter.traceback


def test_a_dead_batch_ends_its_run_and_stops_the_others(fleet: LittleFleet) -> None:
    job = fleet.submit("acme.pdf")
    fleet.work(fleet.claim())
    bad, other = fleet.claim_all()

    fleet.state.fail(bad, Rejected("No such model.", code="model"))

    assert fleet.state.heartbeat(other) is Fence.CANCELLED
    assert fleet.work(other) is Fence.CANCELLED
    assert fleet.state.job(job.id).state == "rejected"
    assert fleet.open_tasks() == []


def test_a_dead_score_ends_only_its_rubric(fleet: LittleFleet) -> None:
    good = fleet.submit("acme.pdf")
    bad = fleet.submit("acme.pdf", rubric="odd@1")
    fleet.run(until="score.document")
    for claimed in fleet.claim_all():
        if claimed.rubric == "odd@1":
            fleet.state.fail(claimed, Rejected("The rubric asks for nothing.", code="rubric"))
        else:
            fleet.work(claimed)

    assert [fleet.state.job(job.id).state for job in (good, bad)] == ["scored", "rejected"]


def test_a_task_outside_the_flow_has_leases_and_dead_letters_too(state: State, clock: Clock) -> None:
    fleet = LittleFleet(state, clock)
    unit = state.enqueue(Unit("score.company", "acme/2024", {"company": "Acme", "year": 2024}))
    claimed = fleet.claim()
    assert (claimed.id, claimed.stage, claimed.args) == (unit, "score", {"company": "Acme", "year": 2024})

    state.fail(claimed, Rejected("There is no such company.", code="unknown"))
    [letter] = state.dead_letters()
    state.retry_dead_letter(letter.id)

    assert state.complete(fleet.claim(), CompanyScored(())) is Fence.PASSED
    assert state.enqueue(Unit("score.company", "acme/2024", {})) == unit
    assert fleet.hints() == []


@pytest.mark.parametrize("seconds", [0.0, 19.9])
def test_a_lease_that_runs_is_not_swept(fleet: LittleFleet, seconds: float) -> None:
    fleet.submit("acme.pdf")
    fleet.claim()
    fleet.clock.turn(seconds)

    assert fleet.state.sweep().lost == 0


def _raised() -> Exception:
    try:
        raise KeyError("scope")
    except KeyError as error:
        return error


def test_a_lease_of_a_clock_that_was_an_hour_ahead_is_over_when_a_right_one_would_be(
    fleet: LittleFleet,
) -> None:
    """Its worker died; then the time was set."""
    fleet.submit("acme.pdf")
    fleet.clock.turn(3600)
    fleet.claim("w1")
    fleet.clock.turn(-3600)

    fleet.state.sweep()
    fleet.clock.turn(21)
    assert fleet.state.sweep().lost == 1


def test_whoever_lives_through_the_setting_of_the_clock_keeps_its_lease(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    fleet.clock.turn(3600)
    claimed = fleet.claim("w1")
    fleet.clock.turn(-3600)

    assert fleet.state.sweep().lost == 0
    fleet.clock.turn(10)
    assert fleet.state.heartbeat(claimed) is Fence.PASSED
    fleet.clock.turn(15)
    assert fleet.state.sweep().lost == 0
    assert fleet.work(claimed) is Fence.PASSED


def test_a_back_off_of_a_clock_that_was_ahead_is_over_at_once(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    fleet.clock.turn(3600)
    fleet.state.fail(fleet.claim(), Transient("busy"))
    fleet.clock.turn(-3600)

    assert fleet.state.sweep().retried == 1


def test_a_long_back_off_by_a_right_clock_is_waited_for(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    fleet.state.fail(fleet.claim(), Transient("busy", retry_after_seconds=3000))

    fleet.clock.turn(2900)
    assert fleet.state.sweep().retried == 0
    fleet.clock.turn(102)
    assert fleet.state.sweep().retried == 1
