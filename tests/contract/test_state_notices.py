"""Whoever asked to be told of a job's end has a stage run that tells it; on SQLite and PostgreSQL."""

import pytest

from esg.errors import Rejected
from esg.state import Claimed
from tests.fakes.little_fleet import LittleFleet

HOOK = "https://hooks.example/esg"


def told(fleet: LittleFleet) -> list[Claimed]:
    return [claimed for claimed in fleet.claim_all() if claimed.task == "control.webhook"]


def test_the_end_of_a_job_is_told(fleet: LittleFleet) -> None:
    job, silent = fleet.submit("acme.pdf", webhook=HOOK), fleet.submit("acme.pdf")
    fleet.run(until="control.webhook")

    (claimed,) = told(fleet)

    notice = fleet.state.notice(job.id)
    assert notice is not None
    assert (notice.url, notice.document_id) == (HOOK, job.document_id)
    assert (claimed.args["job_id"], claimed.args["state"]) == (job.id, "scored")
    assert fleet.state.notice(silent.id) is None


def test_a_job_whose_work_was_done_is_told_of_at_once(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    fleet.run()

    job = fleet.submit("acme.pdf", webhook=HOOK)

    assert [claimed.args["job_id"] for claimed in told(fleet)] == [job.id]


def test_a_cancelled_job_is_told_of_once(fleet: LittleFleet) -> None:
    job = fleet.state.submit("https://example.com/a.pdf", webhook=HOOK)
    fleet.state.cancel(job.id)
    fleet.state.cancel(job.id)

    assert [claimed.args["state"] for claimed in told(fleet)] == ["cancelled"]


def test_a_job_that_ends_again_is_told_of_again(fleet: LittleFleet) -> None:
    job = fleet.submit("acme.pdf", webhook=HOOK)
    fleet.state.fail(fleet.claim(), Rejected("It is broken.", code="broken"))
    (first,) = told(fleet)
    fleet.work(first)
    (letter,) = fleet.state.dead_letters()
    fleet.clock.turn(60)

    fleet.state.retry_dead_letter(letter.id)
    fleet.run(until="control.webhook")

    (second,) = told(fleet)
    assert [c.args["state"] for c in (first, second)] == ["rejected", "scored"]
    assert first.args["reason_code"] == "broken"
    assert {c.args["job_id"] for c in (first, second)} == {job.id}


def test_what_nobody_takes_is_a_dead_letter_and_the_job_stays_as_it_ended(fleet: LittleFleet) -> None:
    job = fleet.submit("acme.pdf", webhook=HOOK)
    fleet.run(until="control.webhook")
    (claimed,) = told(fleet)

    fleet.state.fail(claimed, Rejected("They are gone.", code="webhook_gone"))

    (letter,) = fleet.state.dead_letters()
    assert letter.task == "control.webhook"
    assert fleet.state.job(job.id).state == "scored"
    fleet.state.retry_dead_letter(letter.id)
    assert fleet.state.job(job.id).state == "scored"
    with pytest.raises(Rejected):
        fleet.state.retry_dead_letter(letter.id)
