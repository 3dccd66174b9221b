"""Slots fired once with what they open, and retention; on SQLite and PostgreSQL."""

from datetime import timedelta

from sqlalchemy.engine import Engine

from esg.errors import Rejected
from esg.state import Forgotten, Unit
from tests.fakes.little_fleet import Clock, LittleFleet


def night(number: int) -> Unit:
    return Unit("score.nightly", f"nightly {number}", {"call": str(number)})


def test_a_slot_opens_its_work_once(fleet: LittleFleet, clock: Clock) -> None:
    assert fleet.state.fire("nightly", clock.now, night(1))
    assert not fleet.state.fire("nightly", clock.now, night(1))
    assert fleet.run() == ["score.nightly"]
    assert not fleet.state.fire("nightly", clock.now, night(1))

    fired = fleet.state.fired()["nightly"]
    assert (fired.slot, fired.state, fired.succeeded_at) == (clock.now, "done", clock.now)


def test_while_one_slot_is_worked_on_no_other_is_fired(fleet: LittleFleet, clock: Clock) -> None:
    fleet.state.fire("nightly", clock.now, night(1))
    held = fleet.claim()
    clock.turn(86_400)

    assert not fleet.state.fire("nightly", clock.now, night(2))
    assert fleet.state.fire("retention", clock.now, Unit("etl.retention", "retention 1", {}))
    fleet.work(held)
    assert fleet.state.fire("nightly", clock.now, night(2))


def test_a_slot_that_failed_is_told_and_the_last_success_stays(fleet: LittleFleet, clock: Clock) -> None:
    success = clock.now
    fleet.state.fire("nightly", clock.now, night(1))
    fleet.run()
    clock.turn(86_400)
    fleet.state.fire("nightly", clock.now, night(2))
    fleet.state.fail(fleet.claim(), Rejected("It cannot be.", code="no"))

    fired = fleet.state.fired()["nightly"]

    assert (fired.slot, fired.state, fired.succeeded_at) == (clock.now, "dead", success)


def test_a_slot_that_a_clock_ahead_has_fired_keeps_no_other_from_its_turn(
    fleet: LittleFleet, clock: Clock
) -> None:
    """A machine that began with the date of next year would have no night until then."""
    fleet.state.fire("nightly", clock.now, night(1))
    fleet.run()
    fleet.state.fire("nightly", clock.now + timedelta(days=365), night(2))
    fleet.run()

    assert fleet.state.fired()["nightly"].slot == clock.now


def forget(fleet: LittleFleet, clock: Clock, *, dry: bool = False) -> Forgotten:
    before = clock.now - timedelta(days=30)
    return fleet.state.forget(before=before, scorecards_before=before, is_dry_run=dry)


def test_what_is_over_is_forgotten_after_its_time(fleet: LittleFleet, clock: Clock) -> None:
    fleet.state.submit("acme.pdf")  # through ingest.source
    fleet.state.fire("nightly", clock.now, night(1))
    fleet.run()
    clock.turn(29 * 86_400)
    assert forget(fleet, clock) == Forgotten()
    fleet.state.fire("nightly", clock.now, night(2))
    fleet.run()
    clock.turn(2 * 86_400)

    dry = forget(fleet, clock, dry=True)
    assert len(fleet.state.jobs()) == 1
    wet = forget(fleet, clock)

    assert dry == wet == Forgotten(jobs=1, stage_runs=2, fires=1)  # ingest.source and the first night
    assert fleet.state.jobs() == []
    assert len(fleet.state.documents()) == len(fleet.state.scorecards()) == 1
    assert fleet.state.fired()["nightly"].succeeded_at
    assert fleet.submit("acme.pdf").reused  # what was done of it is known
    assert fleet.run() == []


def test_what_is_open_or_waits_for_someone_is_kept(fleet: LittleFleet, clock: Clock) -> None:
    fleet.submit("open.pdf")
    fleet.state.submit("bad.pdf")
    for claimed in fleet.claim_all():
        if claimed.task == "ingest.source":
            fleet.state.fail(claimed, Rejected("It is no report.", code="bad"))
    clock.turn(400 * 86_400)

    assert forget(fleet, clock) == Forgotten(jobs=1)

    (letter,) = fleet.state.dead_letters()
    fleet.state.drop_dead_letter(letter.id)
    clock.turn(400 * 86_400)
    assert forget(fleet, clock) == Forgotten(dead_letters=1, stage_runs=1)
    assert fleet.state.backlog() > 0


def test_only_superseded_scorecards_are_forgotten(
    fleet: LittleFleet, clock: Clock, shared_engine: Engine
) -> None:
    for rubric in ("maturity@0", "maturity@1", "water@1"):
        fleet.submit("acme.pdf", rubric=rubric)
        fleet.run()
        clock.turn(1)
    with shared_engine.begin() as tx:  # by the rubric in use, the one before: it is what everyone sees
        tx.exec_driver_sql("UPDATE scorecards SET key = 'gold/old' WHERE rubric = 'maturity@0'")
    clock.turn(31 * 86_400)

    wet = fleet.state.forget(before=None, scorecards_before=clock.now - timedelta(days=30))

    assert (wet.scorecards, wet.keys, wet.jobs) == (1, ("gold/old",), 0)
    assert sorted(card.rubric for card in fleet.state.scorecards()) == ["maturity@1", "water@1"]


def test_the_newest_by_the_rubric_in_use_stays(fleet: LittleFleet, clock: Clock) -> None:
    for rubric in ("maturity@1", "maturity@2"):  # the first is the one in use
        fleet.submit("acme.pdf", rubric=rubric)
        fleet.run()
        clock.turn(1)
    clock.turn(31 * 86_400)

    assert fleet.state.forget(before=None, scorecards_before=clock.now - timedelta(days=30)) == Forgotten()
