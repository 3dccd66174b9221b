"""The flow of a document through the state, from a submission to its end; on SQLite and PostgreSQL."""

from dataclasses import replace

import pytest

from esg.domain import document_id
from esg.errors import NotFound, Rejected
from esg.state import Fence, Ingested, Quarantine, Sourced, State
from tests.fakes.little_fleet import POLICY, Clock, LittleFleet, document, open_state

ACME = document_id(b"acme.pdf")


def test_a_source_goes_through_every_stage_once(fleet: LittleFleet) -> None:
    job = fleet.state.submit("acme.pdf", company="Acme", year=2024, trace="00-1-2-01")
    assert (job.state, job.stage, job.document_id) == ("queued", "ingest", None)

    tasks = fleet.run()

    assert tasks == [
        "ingest.source",
        "ingest.document",
        "embed.batch",
        "embed.batch",
        "index.document",
        "score.document",
    ]
    done = fleet.state.job(job.id)
    assert (done.state, done.stage, done.document_id, done.reused) == ("scored", "", ACME, False)
    assert (done.pages, done.chunks, done.chunks_embedded) == (7, 20, 20)
    assert (done.company, done.year) == ("Acme", 2024)
    assert done.finished_at is not None
    assert fleet.state.scorecard_key(ACME) == f"gold/{ACME}/maturity@1"
    assert set(fleet.effects.values()) == {1}


def test_bytes_in_the_lake_start_at_ingest_document(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")

    assert fleet.run()[0] == "ingest.document"


def test_a_task_is_told_what_someone_gave_and_nothing_that_was_guessed(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf", year=2024)

    claimed = fleet.claim()

    assert claimed.task == "ingest.document"
    assert claimed.args == {"document_id": ACME, "source": "acme.pdf", "company": None, "year": 2024}


def test_the_trace_of_a_job_travels_with_its_stage_runs(fleet: LittleFleet) -> None:
    fleet.state.submit("acme.pdf", trace="00-abc-def-01")

    source = fleet.claim()
    fleet.work(source)

    assert source.trace == fleet.claim().trace == "00-abc-def-01"


def test_a_guess_fills_what_nobody_gave(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf", year=2024)

    fleet.run()

    identity = fleet.state.document(ACME).document.identity
    assert (identity.company, identity.company_guessed) == ("Guessed plc", True)
    assert (identity.year, identity.year_guessed) == (2024, False)


def test_a_document_without_a_legible_chunk_skips_embed(state: State, clock: Clock) -> None:
    fleet = LittleFleet(state, clock, batches={"acme.pdf": 0})
    job = fleet.submit("acme.pdf")

    assert fleet.run() == ["ingest.document", "index.document", "score.document"]
    assert state.job(job.id).state == "scored"


def test_index_opens_only_after_the_last_batch(state: State, clock: Clock) -> None:
    fleet = LittleFleet(state, clock, batches={"acme.pdf": 3})
    fleet.submit("acme.pdf")
    fleet.work(fleet.claim())
    batches = fleet.claim_all()

    for claimed in batches[:2]:
        fleet.work(claimed)
    assert fleet.open_tasks() == ["embed.batch"]
    fleet.work(batches[2])

    assert fleet.open_tasks() == ["index.document"]


def test_the_same_job_id_is_the_same_job(fleet: LittleFleet) -> None:
    first = fleet.state.submit("acme.pdf", job_id="celery-task-1")
    again = fleet.state.submit("other.pdf", job_id="celery-task-1")

    assert again == first
    assert len(fleet.state.jobs()) == 1
    assert fleet.states() == {"pending": 1}


def test_a_scored_document_is_not_scored_again(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    fleet.run()

    again = fleet.state.submit("copy-of-acme.pdf", document_id=ACME)

    assert (again.state, again.reused, again.stage) == ("scored", True, "")
    assert fleet.run() == []


def test_a_source_that_turns_out_to_be_known_is_reused(fleet: LittleFleet) -> None:
    fleet.state.submit("acme.pdf")
    fleet.run()

    again = fleet.state.submit("acme.pdf")

    assert fleet.run() == ["ingest.source"]
    job = fleet.state.job(again.id)
    assert (job.state, job.reused, job.pages) == ("scored", True, 7)


def test_a_job_joins_the_run_under_way(fleet: LittleFleet) -> None:
    first = fleet.submit("acme.pdf")
    fleet.work(fleet.claim())

    second = fleet.submit("acme.pdf")
    assert (second.state, second.stage, second.reused) == ("running", "embed", False)
    fleet.run()

    assert {fleet.state.job(job.id).state for job in (first, second)} == {"scored"}
    assert set(fleet.effects.values()) == {1}


def test_another_rubric_starts_at_score(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    fleet.run()

    job = fleet.submit("acme.pdf", rubric="tcfd@1")

    assert (job.state, job.stage) == ("running", "score")
    assert fleet.run() == ["score.document"]
    assert fleet.state.job(job.id).state == "scored"
    assert fleet.state.scorecard_key(ACME, rubric="tcfd@1") == f"gold/{ACME}/tcfd@1"
    assert len(fleet.state.scorecards()) == 2


def test_another_rubric_joins_what_is_being_prepared(fleet: LittleFleet) -> None:
    first = fleet.submit("acme.pdf")
    fleet.run(until="embed.batch")
    second = fleet.submit("acme.pdf", rubric="tcfd@1")

    assert fleet.run() == ["embed.batch", "embed.batch", "index.document", "score.document", "score.document"]
    assert {fleet.state.job(job.id).state for job in (first, second)} == {"scored"}


def test_another_pipeline_version_starts_anew(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    fleet.run()
    newer = open_state(fleet.state.engine, fleet.clock, replace(POLICY, pipeline_version="p2"))

    job = LittleFleet(newer, fleet.clock).submit("acme.pdf")

    assert (job.state, job.stage) == ("queued", "ingest")


def test_a_rejected_document_is_rejected_again_at_once(fleet: LittleFleet) -> None:
    first = fleet.submit("acme.pdf")
    error = Rejected("The file is encrypted.", code="encrypted", next_step="Save it without a password.")
    decision = fleet.state.fail(fleet.claim(), error)

    again = fleet.submit("acme.pdf")

    assert decision == Quarantine(is_rejected=True, code="encrypted", message=str(error))
    assert fleet.state.job(first.id).state == "rejected"
    assert (again.state, again.reused) == ("rejected", True)
    assert (again.reason_code, again.reason) == ("encrypted", str(error))
    assert fleet.run() == []


def test_a_rejected_document_is_rejected_for_every_rubric(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    fleet.state.fail(fleet.claim(), Rejected("No pages.", code="no_pages"))

    other = fleet.submit("acme.pdf", rubric="tcfd@1")

    assert (other.state, other.reason_code, other.reused) == ("rejected", "no_pages", True)


@pytest.mark.parametrize("is_scored", [True, False])
def test_force_does_everything_again(fleet: LittleFleet, is_scored: bool) -> None:
    fleet.submit("acme.pdf")
    if is_scored:
        fleet.run()
    else:
        fleet.state.fail(fleet.claim(), Rejected("No pages.", code="no_pages"))

    job = fleet.submit("acme.pdf", force=True)

    assert job.state == "queued"
    assert fleet.run() == [
        "ingest.document",
        "embed.batch",
        "embed.batch",
        "index.document",
        "score.document",
    ]
    assert fleet.state.job(job.id).state == "scored"
    assert fleet.state.dead_letters() == []


def test_force_with_fewer_batches_waits_for_those_only(state: State, clock: Clock) -> None:
    fleet = LittleFleet(state, clock, batches={"acme.pdf": 5})
    fleet.submit("acme.pdf")
    fleet.run()
    fleet.batches["acme.pdf"] = 2

    job = fleet.submit("acme.pdf", force=True)

    assert fleet.run().count("embed.batch") == 2
    assert (state.job(job.id).state, state.job(job.id).chunks_embedded) == ("scored", 20)


def test_a_failed_document_is_resumed_where_it_failed(fleet: LittleFleet) -> None:
    first = fleet.submit("acme.pdf")
    fleet.work(fleet.claim())
    batch, other = fleet.claim_all()
    fleet.work(other)
    _bury(fleet, batch.id)

    again = fleet.submit("acme.pdf")

    assert fleet.state.job(first.id).state == "failed"
    assert again.state == "running"
    assert fleet.run() == ["embed.batch", "index.document", "score.document"]
    assert fleet.state.job(again.id).state == "scored"
    assert fleet.state.job(first.id).state == "failed"
    assert fleet.state.dead_letters() == []


def test_saying_whose_report_it_is_scores_it_again(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    fleet.run()

    job = fleet.submit("acme.pdf", company="Acme", year=2024)

    assert (job.state, job.stage) == ("running", "score")
    assert fleet.run() == ["score.document"]
    assert fleet.state.document(ACME).document.identity.company == "Acme"
    assert fleet.submit("acme.pdf", company="Acme", year=2024).reused


def test_whoever_gives_no_identity_gets_what_was_read(fleet: LittleFleet) -> None:
    """What one gave must not stick to what another asks: `--local` would answer otherwise."""
    fleet.submit("acme.pdf", company="Acme", year=1999)
    fleet.run()

    fleet.submit("acme.pdf")

    assert fleet.run() == ["score.document"]
    identity = fleet.state.document(ACME).document.identity
    assert (identity.company, identity.company_guessed) == ("Guessed plc", True)
    assert (identity.year, identity.year_guessed) == (2023, True)
    assert fleet.submit("acme.pdf").reused


def test_saying_whose_report_it_is_fences_off_a_score_under_way(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    fleet.run(until="score.document")
    old = fleet.claim()

    job = fleet.submit("acme.pdf", company="Acme")

    assert fleet.work(old) is Fence.FENCED
    assert fleet.run() == ["score.document"]
    assert fleet.state.job(job.id).state == "scored"


def test_saying_whose_report_it_is_does_not_make_it_legible(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    fleet.state.fail(fleet.claim(), Rejected("No pages.", code="no_pages"))

    job = fleet.submit("acme.pdf", company="Acme")

    assert (job.state, job.reused, job.company) == ("rejected", True, "Acme")


def test_an_unknown_source_that_is_rejected_ends_its_job(fleet: LittleFleet) -> None:
    job = fleet.state.submit("http://example.com/gone.pdf")

    fleet.state.fail(fleet.claim(), Rejected("There is no such page.", code="not_found"))

    ended = fleet.state.job(job.id)
    assert (ended.state, ended.reason_code, ended.reason) == (
        "rejected",
        "not_found",
        "There is no such page.",
    )
    assert ended.document_id is None


def test_an_outcome_of_another_task_is_a_bug(fleet: LittleFleet) -> None:
    fleet.submit("acme.pdf")
    claimed = fleet.claim()

    with pytest.raises(TypeError, match=r"ingest\.document brings Ingested, not Sourced"):
        fleet.state.complete(claimed, Sourced(document("acme.pdf")))
    assert fleet.state.complete(claimed, Ingested(document("acme.pdf"), 0, 0)) is Fence.PASSED


def test_what_is_unknown_is_not_found(state: State) -> None:
    for ask in (state.job, state.document, state.dead_letter, state.cancel, state.retry_dead_letter):
        with pytest.raises(NotFound):
            ask("nothing")
    assert state.scorecard_key("nothing") is None


def test_hostile_text_is_kept_as_far_as_it_can_be(fleet: LittleFleet) -> None:
    job = fleet.state.submit("a\0\ud800.pdf", company="Ac\0me")

    fleet.state.fail(fleet.claim(), Rejected("bad \0 byte \ud800", code="bad"))

    assert fleet.state.job(job.id).reason == "bad \N{REPLACEMENT CHARACTER} byte ?"


def _bury(fleet: LittleFleet, unit: str) -> None:
    """Let a stage run fail until it is set aside."""
    while True:
        fleet.clock.turn(600)
        fleet.state.sweep()
        claimed = fleet.state.claim(unit, "w1")
        assert claimed
        if isinstance(fleet.state.fail(claimed, ValueError("bug")), Quarantine):
            return
