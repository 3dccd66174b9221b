"""kill -9 in the middle of a task, of the child or of the whole worker: nothing is lost or doubled."""

import os
import signal
from pathlib import Path

import pytest

from esg.state import Job, queue_of
from tests.chaos.conftest import WriteReport
from tests.fakes.fleets import Fleet
from workers.roles import ROLES

STAGES = ("ingest.source", "ingest.document", "embed.batch", "index.document", "score.document")


@pytest.mark.parametrize("victim", ["child", "worker"])
def test_every_document_is_scored_once_though_each_role_is_killed_at_work(
    fleet: Fleet, report: WriteReport, victim: str
) -> None:
    """A document for each kind of task, whose first run is killed."""
    sources = {task: report(task, pages=2) for task in STAGES}
    faults = {task: fleet.inject("stall", task=task, source=str(path)) for task, path in sources.items()}
    jobs = {task: fleet.submit(path) for task, path in sources.items()}

    for task in STAGES:
        _kill(fleet, faults[task], victim)
    ended = fleet.until_scored(list(jobs.values()))

    for job, task in zip(ended, STAGES, strict=True):
        _assert_once(fleet, job, killed=task, victim=victim)


def _kill(fleet: Fleet, fault: Path, victim: str) -> None:
    child, parent = fleet.until_met(fault)
    os.kill(child if victim == "child" else parent, signal.SIGKILL)


def _assert_once(fleet: Fleet, job: Job, *, killed: str, victim: str) -> None:
    document_id = job.document_id or ""
    assert fleet.count("scorecards", document_id=document_id) == 1
    assert fleet.count("runs", document_id=document_id) == 1
    for task in STAGES:
        about = {"subject": job.id if task == "ingest.source" else document_id, "task": task}
        assert fleet.count("stage_runs", **about) == 1
        assert fleet.count("stage_runs", **about, state="done") == 1
        if victim == "worker" and ROLES[queue_of(task)].concurrency > 1:
            # What its other children were at is lost with it.
            assert task != killed or fleet.count("stage_runs", **about, lost=0) == 0
        else:
            assert fleet.count("stage_runs", **about, lost=int(task == killed)) == 1
