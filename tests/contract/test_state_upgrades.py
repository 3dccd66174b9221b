"""An engine that changed while documents were under way; on SQLite and PostgreSQL."""

from dataclasses import replace

import pytest
from sqlalchemy.engine import Engine

from esg.domain import document_id
from esg.state import Fence
from tests.fakes.little_fleet import POLICY, Clock, LittleFleet, open_state

ACME = document_id(b"acme.pdf")


@pytest.fixture
def newer(shared_engine: Engine, clock: Clock) -> LittleFleet:
    """Workers of another pipeline version over the same database."""
    return LittleFleet(open_state(shared_engine, clock, replace(POLICY, pipeline_version="p2")), clock)


def test_a_new_version_takes_over_what_the_old_one_left(fleet: LittleFleet, newer: LittleFleet) -> None:
    first, second = fleet.submit("acme.pdf"), fleet.submit("acme.pdf", rubric="tcfd@1")
    fleet.run(until="index.document")

    assert newer.run() == [
        "ingest.document",
        "embed.batch",
        "embed.batch",
        "index.document",
        "score.document",
        "score.document",
    ]
    assert {newer.state.job(job.id).state for job in (first, second)} == {"scored"}
    assert {card.pipeline_version for card in newer.state.scorecards()} == {"p2"}
    assert newer.open_tasks() == []


def test_a_job_taken_over_may_find_its_work_done(fleet: LittleFleet, newer: LittleFleet) -> None:
    newer.submit("acme.pdf")
    newer.run()
    old = fleet.submit("acme.pdf", force=True)

    assert newer.run() == []
    job = newer.state.job(old.id)
    assert (job.state, job.reused) == ("scored", True)


def test_the_old_version_keeps_what_it_is_working_on(fleet: LittleFleet, newer: LittleFleet) -> None:
    job = fleet.submit("acme.pdf")
    fleet.work(fleet.claim())
    held, waiting = fleet.claim_all()
    fleet.state.release(waiting)

    assert newer.run() == []
    assert fleet.work(held) is Fence.PASSED
    fleet.state.hint_everything()
    assert newer.run()[0] == "ingest.document"
    assert newer.state.job(job.id).state == "scored"


def test_a_source_is_fetched_by_any_version(fleet: LittleFleet, newer: LittleFleet) -> None:
    job = fleet.state.submit("acme.pdf")

    assert newer.run()[0] == "ingest.source"
    assert newer.state.job(job.id).state == "scored"
    assert newer.state.scorecards()[0].pipeline_version == "p2"


def test_unscored_lists_what_this_version_has_not_tried(fleet: LittleFleet, newer: LittleFleet) -> None:
    fleet.submit("acme.pdf", company="Acme", year=2024)
    fleet.submit("other.pdf", company="Other", year=2023)
    fleet.run()

    assert fleet.state.unscored() == []
    assert {record.document.id for record in newer.state.unscored()} == {ACME, document_id(b"other.pdf")}
    assert [record.document.id for record in newer.state.unscored(company="acme")] == [ACME]
    assert [record.document.id for record in newer.state.unscored(year=2024)] == [ACME]
