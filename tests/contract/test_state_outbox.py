"""Dispatch, the outbox, fairness and lost hints; on SQLite and PostgreSQL."""

from collections import deque
from dataclasses import replace

from sqlalchemy.engine import Engine

from esg.domain import document_id
from esg.state import Claimed, Done, Fence, State, Unit
from tests.fakes.little_fleet import POLICY, Clock, LittleFleet, open_state


def test_a_hint_carries_the_task_its_queue_and_the_trace(state: State) -> None:
    state.submit("acme.pdf", trace="00-1-2-01")
    state.dispatch()

    [hint] = state.take_outbox()

    assert (hint.task, hint.queue, hint.trace) == ("ingest.source", "ingest", "00-1-2-01")
    assert len(hint.unit) == 32


def test_a_hint_is_given_out_once(state: State) -> None:
    state.submit("acme.pdf")
    state.dispatch()
    hints = state.take_outbox()

    assert state.take_outbox() == []
    state.mark_published(hints)
    assert state.dispatch() == 0
    assert state.take_outbox() == []
    assert state.outbox_lag_seconds() == 0


def test_what_a_dispatcher_took_and_did_not_publish_comes_again(state: State, clock: Clock) -> None:
    state.submit("acme.pdf")
    state.dispatch()
    first = state.take_outbox()
    clock.turn(31)

    assert state.outbox_lag_seconds() == 31
    assert state.take_outbox() == first


def test_the_end_of_a_stage_run_takes_the_hints_of_what_follows(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")

    fence, hints = fleet.finish(fleet.claim())

    assert fence is Fence.PASSED
    assert [hint.task for hint in hints] == ["embed.batch"] * 2
    assert fleet.state.take_outbox() == []
    assert fleet.states("embed.batch") == {"queued": 2}


def test_what_an_end_took_and_nobody_published_comes_again(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    _, hints = fleet.finish(fleet.claim())
    fleet.clock.turn(31)

    assert fleet.state.take_outbox() == hints


def test_an_end_that_is_refused_takes_nothing(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    claimed = fleet.claim()
    fleet.submit("other.pdf")
    fleet.work(claimed)

    assert fleet.finish(claimed) == (Fence.FENCED, [])
    assert fleet.states("embed.batch") == {"pending": 2}


def test_an_end_fills_a_queue_that_ran_half_empty_to_its_depth(shared_engine: Engine, clock: Clock) -> None:
    state = open_state(shared_engine, clock, replace(POLICY, depth={"index": 8}))
    for number in range(30):
        state.enqueue(Unit("index.probe", str(number), {}))
    state.dispatch()
    hints, taken = deque(state.take_outbox()), []

    while hints:
        claimed = state.claim(hints.popleft().unit, "w1")
        assert claimed
        _, more = state.complete_and_take(claimed, Done())
        state.mark_published(more)
        hints += more
        taken.append(len(more))

    assert taken == [0, 0, 0, 4] * 5 + [0, 0, 0, 2] + [0] * 6
    assert state.stage_counts() == {"index": {"done": 30}}


def test_each_queue_has_a_depth(state: State, clock: Clock) -> None:
    for number in range(5):
        state.submit(f"{number}.pdf")

    assert state.dispatch({"ingest": 2}) == 2
    assert state.dispatch({"ingest": 2}) == 0
    assert state.stage_counts() == {"ingest": {"queued": 2, "pending": 3}}
    assert LittleFleet(state, clock).state.claim(state.take_outbox()[0].unit, "w1")
    assert state.dispatch({"ingest": 2}) == 1


def test_a_queue_without_a_depth_is_left_alone(state: State) -> None:
    state.submit("acme.pdf")

    assert state.dispatch({"embed": 10}) == 0


def test_a_short_document_does_not_wait_for_a_long_one(state: State, clock: Clock) -> None:
    fleet = LittleFleet(state, clock, batches={"long.pdf": 50, "short.pdf": 2})
    fleet.submit("long.pdf")
    fleet.work(fleet.claim())
    state.dispatch({"embed": 8})
    fleet.submit("short.pdf")
    fleet.work(_ingest(fleet))

    served = _serve(fleet, until=document_id(b"short.pdf"))

    assert served <= 8 + 2 * 2


def test_a_long_document_does_not_starve_behind_many_short_ones(state: State, clock: Clock) -> None:
    fleet = LittleFleet(state, clock, batches={"long.pdf": 10})
    fleet.submit("long.pdf")
    fleet.work(fleet.claim())
    turns = []

    for number in range(20):  # for every batch served, a newcomer with two batches arrives
        fleet.submit(f"{number}.pdf")
        fleet.work(_ingest(fleet))
        state.dispatch({"embed": 1})
        for hint in state.take_outbox():
            state.mark_published([hint])
            claimed = state.claim(hint.unit, "w1")
            assert claimed
            turns.append(claimed.subject)
            fleet.work(claimed)

    assert turns.count(document_id(b"long.pdf")) >= 2
    assert turns[0] == document_id(b"long.pdf")


def test_a_hint_that_nobody_claims_is_given_again_ever_more_rarely(state: State, clock: Clock) -> None:
    state.submit("acme.pdf")
    state.dispatch()
    state.mark_published(state.take_outbox())
    given = []

    for second in range(0, 200, 10):
        if state.sweep().hinted_again:
            given.append(second)
            state.mark_published(state.take_outbox())
        clock.turn(10)

    assert given == [30, 90]


def test_a_hint_that_is_not_published_yet_is_not_doubled(state: State, clock: Clock) -> None:
    state.submit("acme.pdf")
    state.dispatch()
    clock.turn(40)

    assert state.sweep().hinted_again == 1
    assert len(state.take_outbox()) == 1


def test_a_broker_that_lost_everything_is_filled_again(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    fleet.submit("other.pdf")
    lost = fleet.hints()

    assert fleet.hints() == []
    assert fleet.state.hint_everything() == 2

    assert fleet.hints() == lost


def test_a_broker_that_loses_what_a_dispatcher_just_published_gets_it_again(state: State) -> None:
    """The dispatcher notes late what it published before the loss."""
    state.submit("acme.pdf")
    state.dispatch()
    published = state.take_outbox()

    state.hint_everything()
    state.mark_published(published)

    assert [hint.unit for hint in state.take_outbox()] == [hint.unit for hint in published]


def test_a_stage_run_given_back_before_its_hint_was_marked_is_hinted_again(state: State) -> None:
    state.submit("acme.pdf")
    state.dispatch()
    published = state.take_outbox()
    claimed = state.claim(published[0].unit, "w1")
    assert claimed

    state.release(claimed)
    state.dispatch()
    state.mark_published(published)

    assert [hint.unit for hint in state.take_outbox()] == [published[0].unit]


def test_a_broker_that_lost_everything_often_makes_no_wait_longer(state: State, clock: Clock) -> None:
    state.submit("acme.pdf")
    state.dispatch()
    for _ in range(5):
        state.hint_everything()
        state.mark_published(state.take_outbox())
    clock.turn(30)

    assert state.sweep().hinted_again == 1


def test_a_duplicate_hint_does_nothing(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    [unit] = fleet.hints()
    claimed = fleet.state.claim(unit, "w1")
    assert claimed

    assert fleet.state.claim(unit, "w2") is None
    fleet.work(claimed)
    assert fleet.state.claim(unit, "w2") is None
    fleet.run()
    assert set(fleet.effects.values()) == {1}


def test_a_schedule_fires_once_per_slot(state: State, clock: Clock) -> None:
    assert state.fire("nightly", clock.now)
    assert not state.fire("nightly", clock.now)
    assert state.fire("weekly", clock.now)
    clock.turn(86400)
    assert state.fire("nightly", clock.now)


def test_backlog_and_ages_tell_what_waits(state: State, clock: Clock) -> None:
    assert (state.backlog(), state.oldest_seconds()) == (0, {})
    state.submit("acme.pdf")
    clock.turn(5)
    state.enqueue(Unit("etl.gold", "2026-11-22", {}))
    clock.turn(2)

    assert state.backlog() == 2
    assert state.oldest_seconds() == {"ingest": 7.0, "etl": 2.0}


def test_how_long_a_scorecard_was_waited_for(state: State, clock: Clock) -> None:
    fleet = LittleFleet(state, clock)
    fleet.submit("acme.pdf")
    clock.turn(5)
    fleet.run(until="score.document")
    claimed = fleet.claim()
    clock.turn(2)
    fleet.work(claimed)

    assert state.seconds_to_scorecard(claimed) == [7.0]
    fleet.submit("acme.pdf")  # known: nothing is done for it, and nobody waited
    assert state.seconds_to_scorecard(claimed) == [7.0]


def _ingest(fleet: LittleFleet) -> Claimed:
    fleet.state.dispatch({"ingest": 10})
    for hint in fleet.state.take_outbox():
        if hint.queue == "ingest":
            fleet.state.mark_published([hint])
            claimed = fleet.state.claim(hint.unit, "w1")
            assert claimed
            return claimed
    raise AssertionError("there is nothing to ingest")


def _serve(fleet: LittleFleet, *, until: str) -> int:
    """Serve batches in the order of their hints until a document is embedded; returns how many."""
    served, left = 0, 2
    fleet.clock.turn(31)  # what the other helper took comes again
    while left:
        fleet.state.dispatch({"embed": 8})
        hints = fleet.state.take_outbox()
        fleet.state.mark_published(hints)
        for hint in hints:
            claimed = fleet.state.claim(hint.unit, "w1")
            if claimed and left:
                fleet.work(claimed)
                served += 1
                left -= claimed.subject == until
    return served


def test_hints_that_were_put_back_are_offered_at_once(state: State) -> None:
    state.submit("acme.pdf")
    state.dispatch()
    taken = state.take_outbox()

    state.put_back(taken)

    assert state.take_outbox() == taken


def test_hints_that_a_clock_ahead_gave_out_are_given_out_again_in_time(fleet: LittleFleet) -> None:
    """One was lost with its broker, one with whoever had taken it to publish it."""
    fleet.submit("lost.pdf")
    fleet.clock.turn(3600)
    (lost,) = fleet.hints()
    fleet.submit("taken.pdf")
    fleet.state.dispatch()
    (taken,) = fleet.state.take_outbox()
    fleet.clock.turn(-3600)

    fleet.state.sweep()
    fleet.clock.turn(31)
    fleet.state.sweep()
    assert {hint.unit for hint in fleet.state.take_outbox()} == {lost, taken.unit}
