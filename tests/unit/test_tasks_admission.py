"""Calls by hand and by beat: what they open, how often, and which are refused."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from esg import tracing
from esg.domain import Document, Identity, MediaType
from esg.errors import NotFound, Rejected
from esg.resources import Resources, open_resources
from esg.settings import Settings
from esg.state import Sourced
from tasks import flows, inbox
from tasks.flows import Call, admit

CALL = Call("call-1", tracing.begin())
ID = "d" * 64


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Resources]:
    opened = open_resources(Settings(home=tmp_path / "home"))
    yield opened
    opened.state.close()


def call(fleet: Resources, task: str, *, call: Call = CALL, **kwargs: object) -> None:
    admit(task, kwargs, resources=fleet, call=call)


def test_a_report_becomes_a_job_of_the_calls_own_id_once(fleet: Resources) -> None:
    for _ in range(2):  # a message may come twice
        call(fleet, "ingest.document", source="a.pdf", company="Acme", year=2024, rubric="maturity")

    (job,) = fleet.state.jobs()
    assert (job.id, job.company, job.year, job.rubric) == (
        "call-1",
        "Acme",
        2024,
        fleet.rubric_key("maturity"),
    )
    assert job.trace == CALL.trace
    assert fleet.state.stage_counts() == {"ingest": {"pending": 1}}


@pytest.mark.parametrize(
    "kwargs", [{}, {"source": "a.pdf", "yaer": 2024}, {"source": "a.pdf", "year": "last"}, {"source": None}]
)
def test_a_call_that_makes_no_sense_is_refused(fleet: Resources, kwargs: dict[str, object]) -> None:
    with pytest.raises(Rejected, match="wrong arguments"):
        call(fleet, "ingest.document", **kwargs)
    assert fleet.state.jobs() == []


def test_a_step_of_the_fleets_own_is_refused(fleet: Resources) -> None:
    with pytest.raises(Rejected, match=r"Call one of: .*ingest\.document"):
        call(fleet, "index.document", document_id=ID)


def test_a_known_document_is_scored_again(fleet: Resources) -> None:
    _know(fleet)

    call(fleet, "score.document", document_id=ID, force=True)

    newest = next(job for job in fleet.state.jobs() if job.id == CALL.id)
    assert (newest.document_id, newest.state) == (ID, "queued")


def test_an_unknown_document_is_not_found(fleet: Resources) -> None:
    with pytest.raises(NotFound):
        call(fleet, "score.document", document_id=ID)


def test_a_company_by_hand_is_a_stage_run_of_each_call(fleet: Resources) -> None:
    call(fleet, "score.company", company="Acme", year=2024)
    call(fleet, "score.company", company="Acme", year=2024)
    call(fleet, "score.company", company="Acme", year=2024, call=Call("call-2", ""))

    assert fleet.state.stage_counts() == {"score": {"pending": 2}}


def test_a_night_by_hand_is_a_stage_run_of_each_call(fleet: Resources) -> None:
    for name in ("call-1", "call-1", "call-2"):
        call(fleet, "score.nightly", call=Call(name, ""))

    assert fleet.state.stage_counts() == {"score": {"pending": 2}}


@pytest.mark.parametrize("task", ["etl.gold", "etl.compact", "etl.expire", "etl.retention"])
def test_upkeep_by_hand_goes_to_the_queue_that_does_it(fleet: Resources, task: str) -> None:
    call(fleet, task)
    fleet.state.dispatch()

    assert [(hint.task, hint.queue) for hint in fleet.state.take_outbox()] == [(task, "index")]


def test_arguments_by_place_are_named_as_the_task_names_them() -> None:
    """`celery call ingest.document --args '["a.pdf", "Acme", 2024]'` must not come to nothing."""
    named = flows.named("ingest.document", ["a.pdf", "Acme", 2024])
    assert named == {"source": "a.pdf", "company": "Acme", "year": 2024}
    with pytest.raises(Rejected):
        flows.named("score.company", ["Acme", 2024, "more"])
    with pytest.raises(Rejected):
        flows.named("control.sweep", ["now"])


@pytest.mark.parametrize("url", ["http://user:pw@reports.example/a.pdf", "ftp://reports.example/a.pdf"])
def test_a_url_that_is_never_fetched_is_refused_at_once(fleet: Resources, url: str) -> None:
    with pytest.raises(Rejected) as refusal:
        call(fleet, "ingest.document", source=url)
    assert "pw" not in str(refusal.value)
    assert fleet.state.jobs() == []


def test_every_admission_is_documented() -> None:
    assert all(admission.__doc__ for admission in flows.ADMISSIONS.values())


def test_the_inbox_takes_a_settled_file_once_for_each_content(fleet: Resources, tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    report = folder / "report.pdf"
    report.write_bytes(b"%PDF-1.7 growing")
    assert inbox.collect(folder, fleet.state) == 0

    for content in (b"%PDF-1.7 one", b"%PDF-1.7 two!"):
        report.write_bytes(content)
        os.utime(report, (time.time() - 60, time.time() - 60))
        assert inbox.collect(folder, fleet.state) == 1
        assert inbox.collect(folder, fleet.state) == 0
    assert len(fleet.state.jobs()) == 2


def test_no_inbox_is_nothing_to_do(fleet: Resources, tmp_path: Path) -> None:
    assert inbox.collect(None, fleet.state) == 0
    assert inbox.collect(tmp_path / "missing", fleet.state) == 0


def _know(fleet: Resources) -> None:
    """Let a document be known, as ingest.source does."""
    fleet.state.submit("a.pdf", job_id="first")
    fleet.state.dispatch()
    (hint,) = fleet.state.take_outbox()
    claimed = fleet.state.claim(hint.unit, "worker")
    assert claimed is not None
    document = Document(ID, "a.pdf", MediaType.PDF, 10, Identity("", None))
    fleet.state.complete(claimed, Sourced(document))
