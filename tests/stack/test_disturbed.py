"""Servers and workers killed and started again in the middle of the work: nothing is lost or done twice."""

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fakes.fleets import Fleet
from tests.servers import postgres, redis
from tests.servers.server import Server

PATIENCE_SECONDS = 500.0
ROLES = ("ingest", "embed", "index", "score")
Scorecards = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Part:
    """A server of this test's own, and the settings that lead to it."""

    server: Server
    settings: dict[str, str]


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[list[Part]]:
    state, database_url = postgres.server(tmp_path / "postgres")
    messages, broker_url = redis.server(tmp_path / "redis")
    with state, messages:
        yield [
            Part(state, {"ESG_DATABASE_URL": database_url}),
            Part(messages, {"ESG_BROKER_URL": broker_url}),
        ]


@pytest.mark.timeout(1200)
def test_every_report_is_scored_once_and_as_ever(
    parts: list[Part], reports: list[Path], tmp_path: Path
) -> None:
    with working(tmp_path / "quiet") as fleet:
        undisturbed = scored(fleet, fleet_submits(fleet, reports))
    settings = {name: value for part in parts for name, value in part.settings.items()}

    with working(tmp_path / "disturbed", **settings) as fleet:
        jobs = fleet_submits(fleet, reports)
        disturb(fleet, parts)
        assert scored(fleet, jobs) == undisturbed


@contextmanager
def working(home: Path, **settings: str) -> Iterator[Fleet]:
    """Give four workers over a home, started again when they die, as `esg up` does it."""
    fleet = Fleet(home, is_supervised=True, **settings)
    try:
        fleet.start(*ROLES)
        yield fleet
    finally:
        fleet.stop()


def fleet_submits(fleet: Fleet, reports: Sequence[Path]) -> list[str]:
    return [fleet.submit(path) for path in reports]


def disturb(fleet: Fleet, parts: Sequence[Part]) -> None:
    """Kill one thing after another, each when there was work in between."""
    killers = [
        *(part.server.restart for part in parts),
        lambda: kill(fleet, "score"),
        lambda: kill(fleet, "ingest"),
    ]
    for number, strike in enumerate(killers, 1):
        fleet.until(lambda number=number: done(fleet) >= 4 * number, f"{4 * number} stage runs done")
        strike()


def kill(fleet: Fleet, role: str) -> None:
    os.killpg(fleet.workers[role].process.pid, signal.SIGKILL)


def done(fleet: Fleet) -> int:
    return fleet.count("stage_runs", state="done")


def scored(fleet: Fleet, jobs: Sequence[str]) -> Scorecards:
    """Wait for all; give the bytes of each scorecard, and insist on one row for each thing that was done."""
    fleet.until(lambda: all(job.is_over for job in fleet.jobs(jobs)), "jobs over", PATIENCE_SECONDS)
    ended = fleet.until_scored(jobs)
    documents = [job.document_id or "" for job in ended]
    lake, state = fleet.resources.lake, fleet.state
    assert fleet.count("dead_letters") == 0
    assert fleet.count("stage_runs") == done(fleet)
    for document_id in documents:
        assert fleet.count("scorecards", document_id=document_id) == 1
        assert fleet.count("runs", document_id=document_id) == 1
        assert fleet.count("stage_runs", subject=document_id, task="index.document") == 1
    assert fleet.resources.store.size() == sum(len(lake.chunks(document_id)) for document_id in documents)
    return {
        Path(job.source).name: lake.scorecard(state.scorecard_key(job.document_id or "") or "")
        for job in ended
    }
