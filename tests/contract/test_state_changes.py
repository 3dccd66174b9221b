"""Changes of mind: cancelling, retrying and dropping; on SQLite and PostgreSQL."""

import pytest

from esg.domain import document_id
from esg.errors import Rejected
from esg.state import DeadLetter, Fence
from tests.fakes.little_fleet import LittleFleet

ACME = document_id(b"acme.pdf")


def test_cancelling_stops_what_waits_and_what_runs(fleet: LittleFleet) -> None:
    job = fleet.submit("acme.pdf")
    fleet.work(fleet.claim())
    claimed = fleet.claim()

    ended = fleet.state.cancel(job.id)

    assert (ended.state, ended.stage) == ("cancelled", "")
    assert fleet.state.heartbeat(claimed) is Fence.CANCELLED
    assert fleet.work(claimed) is Fence.CANCELLED
    assert fleet.run() == []
    assert fleet.state.document(ACME).state == "cancelled"


def test_cancelling_a_source_that_is_being_fetched(fleet: LittleFleet) -> None:
    job = fleet.state.submit("acme.pdf")
    claimed = fleet.claim()

    assert fleet.state.cancel(job.id).state == "cancelled"
    assert fleet.work(claimed) is Fence.CANCELLED
    assert fleet.open_tasks() == []


def test_work_that_another_job_wants_goes_on(fleet: LittleFleet) -> None:
    first, second = fleet.submit("acme.pdf"), fleet.submit("acme.pdf")

    fleet.state.cancel(first.id)
    fleet.run()

    assert fleet.state.job(first.id).state == "cancelled"
    assert fleet.state.job(second.id).state == "scored"


def test_preparing_that_another_rubric_wants_goes_on(fleet: LittleFleet) -> None:
    first, second = fleet.submit("acme.pdf"), fleet.submit("acme.pdf", rubric="tcfd@1")

    fleet.state.cancel(first.id)

    assert fleet.run().count("score.document") == 1
    assert fleet.state.job(first.id).state == "cancelled"
    assert fleet.state.job(second.id).state == "scored"


def test_cancelling_what_is_over_changes_nothing(fleet: LittleFleet) -> None:
    job = fleet.submit("acme.pdf")
    fleet.run()

    assert fleet.state.cancel(job.id).state == "scored"


def test_a_cancelled_document_is_resumed_where_it_stopped(fleet: LittleFleet) -> None:
    job = fleet.submit("acme.pdf")
    fleet.work(fleet.claim())
    first, second = fleet.claim_all()
    fleet.work(first)
    fleet.state.cancel(job.id)

    again = fleet.submit("acme.pdf")

    assert fleet.work(second) is Fence.FENCED
    assert fleet.run() == ["embed.batch", "index.document", "score.document"]
    assert fleet.state.job(again.id).state == "scored"
    assert fleet.state.job(job.id).state == "cancelled"


def test_a_retried_dead_letter_brings_its_jobs_back(fleet: LittleFleet) -> None:
    job = fleet.submit("acme.pdf")
    letter = _bury(fleet)
    assert fleet.state.job(job.id).state == "rejected"

    assert fleet.state.retry_dead_letter(letter.id).state == "retried"

    back = fleet.state.job(job.id)
    assert (back.state, back.reason, back.finished_at) == ("running", "", None)
    assert fleet.state.dead_letters() == []
    fleet.run()
    assert fleet.state.job(job.id).state == "scored"


def test_a_retried_source_is_fetched_again(fleet: LittleFleet) -> None:
    job = fleet.state.submit("http://example.com/acme.pdf")
    letter = _bury(fleet)

    fleet.state.retry_dead_letter(letter.id)
    fleet.run()

    assert fleet.state.job(job.id).state == "scored"


def test_a_dead_letter_remembers_how_often(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    first = _bury(fleet)
    fleet.state.retry_dead_letter(first.id)
    fleet.clock.turn(60)

    second = _bury(fleet)

    assert (second.id, second.times, second.state) == (first.id, 2, "open")
    assert second.first_seen == first.first_seen
    assert (second.last_seen - first.last_seen).total_seconds() == 60


def test_a_dropped_dead_letter_leaves_the_document_as_it_ended(fleet: LittleFleet) -> None:
    job = fleet.submit("acme.pdf")
    letter = _bury(fleet)

    assert fleet.state.drop_dead_letter(letter.id).state == "dropped"

    assert (fleet.state.dead_letters(), fleet.state.dead_letter_count()) == ([], 0)
    assert fleet.state.dead_letters(state="dropped")[0].id == letter.id
    assert [every.id for every in fleet.state.dead_letters(state="all")] == [letter.id]
    assert fleet.state.job(job.id).state == "rejected"
    with pytest.raises(Rejected, match="not open"):
        fleet.state.retry_dead_letter(letter.id)


def test_a_dead_letter_is_retried_once(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    letter = _bury(fleet)
    fleet.state.retry_dead_letter(letter.id)

    with pytest.raises(Rejected, match="not open"):
        fleet.state.retry_dead_letter(letter.id)


def _bury(fleet: LittleFleet) -> DeadLetter:
    fleet.state.fail(fleet.claim(), Rejected("No pages.", code="no_pages"))
    [letter] = fleet.state.dead_letters()
    return letter
