"""Servers and workers killed and started again in the middle of the work: nothing is lost or done twice."""

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from esg.lake.gold import SCHEMAS
from esg.state import Unit
from tests.fakes import catalogs, stores
from tests.fakes.fleets import Fleet
from tests.servers import cassandra, postgres, redis, seaweedfs
from tests.servers.server import Server
from tests.stack.conftest import PATIENCE_SECONDS

ROLES = ("ingest", "embed", "index", "score")


@dataclass(frozen=True, slots=True)
class Part:
    """A server of this test's own, and the settings that lead to it."""

    server: Server
    settings: dict[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What must not depend on what happened on the way: the bytes of each scorecard, the rows of gold."""

    scorecards: dict[str, bytes]
    gold: dict[str, list[dict[str, Any]]]


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Part]]:
    for name, value in seaweedfs.KEYS.items():
        monkeypatch.setenv(name, value)
    made = [_state, _messages, _store, _vectors]
    with ExitStack() as stack:
        parts = [make(tmp_path / make.__name__) for make in made]
        for part in parts:
            stack.enter_context(part.server)
        yield parts


def _state(folder: Path) -> Part:
    server, url = postgres.server(folder)
    return Part(server, {"ESG_DATABASE_URL": url})


def _messages(folder: Path) -> Part:
    server, url = redis.server(folder)
    return Part(server, {"ESG_BROKER_URL": url})


def _store(folder: Path) -> Part:
    """Objects and the tables of gold."""
    store = seaweedfs.store(folder)
    lake = stores.s3_url(bucket=seaweedfs.BUCKET, endpoint=store.s3)
    gold = catalogs.catalog("seaweedfs", folder, uri=store.catalog, s3=store.s3)
    del gold["ESG_HOME"]
    return Part(store.server, {"ESG_LAKE_URL": lake, **gold})


def _vectors(folder: Path) -> Part:
    server = cassandra.server(folder)
    settings = {"HOSTS": "127.0.0.1", "PORT": str(server.port), "KEYSPACE": "esg", "REPLICAS": "1"}
    login = {"USER": cassandra.USER, "PASSWORD": cassandra.PASSWORD}
    given = {f"ESG_CASSANDRA_{name}": value for name, value in (settings | login).items()}
    return Part(server, {"ESG_VECTOR_STORE": "cassandra", **given})


@pytest.mark.timeout(3 * PATIENCE_SECONDS)
def test_every_report_is_scored_once_and_as_ever(
    parts: list[Part], reports: list[Path], tmp_path: Path
) -> None:
    with working(tmp_path / "quiet") as fleet:
        undisturbed = outcome(fleet, submitted(fleet, reports))
    settings = {name: value for part in parts for name, value in part.settings.items()}

    with working(tmp_path / "disturbed", **settings) as fleet:
        jobs = submitted(fleet, reports)
        disturb(fleet, parts)
        assert outcome(fleet, jobs) == undisturbed


@contextmanager
def working(home: Path, **settings: str) -> Iterator[Fleet]:
    """Give four workers over a home, started again when they die, as `esg up` does it."""
    with Fleet(home, is_supervised=True, **settings) as fleet:
        fleet.start(*ROLES)
        yield fleet


def submitted(fleet: Fleet, reports: Sequence[Path]) -> list[str]:
    return [fleet.submit(path) for path in reports]


def disturb(fleet: Fleet, parts: Sequence[Part]) -> None:
    """Kill one thing after another, each when there was work in between."""
    strikes = [
        *(part.server.restart for part in parts),
        lambda: kill(fleet, "score"),
        lambda: kill(fleet, "ingest"),
    ]
    for number, strike in enumerate(strikes, 1):
        fleet.until(
            lambda wanted=3 * number: done(fleet) >= wanted,  # type: ignore[misc]
            f"{3 * number} stage runs done",
            PATIENCE_SECONDS,
        )
        strike()


def kill(fleet: Fleet, role: str) -> None:
    os.killpg(fleet.workers[role].process.pid, signal.SIGKILL)


def done(fleet: Fleet) -> int:
    return fleet.count("stage_runs", state="done")


def outcome(fleet: Fleet, jobs: Sequence[str]) -> Outcome:
    """Wait for all; give what came of it, and insist on one row for each thing that was done."""
    fleet.until(lambda: all(job.is_over for job in fleet.jobs(jobs)), "jobs over", PATIENCE_SECONDS)
    ended = fleet.until_scored(jobs)
    documents = [job.document_id or "" for job in ended]
    fleet.until(lambda: fleet.count("stage_runs") == done(fleet), "every stage run done", PATIENCE_SECONDS)
    assert fleet.count("dead_letters") == 0
    for document_id in documents:
        assert fleet.count("scorecards", document_id=document_id) == 1
        assert fleet.count("runs", document_id=document_id) == 1
        assert fleet.count("stage_runs", subject=document_id, task="index.document") == 1
    lake, state = fleet.resources.lake, fleet.state
    assert fleet.resources.store.size() == sum(len(lake.chunks(document_id)) for document_id in documents)
    keys = {Path(job.source).name: state.scorecard_key(job.document_id or "") or "" for job in ended}
    return Outcome({name: lake.scorecard(key) for name, key in keys.items()}, gold(fleet))


def gold(fleet: Fleet) -> dict[str, list[dict[str, Any]]]:
    """Have gold written by the fleet where it is kept; give the rows of each table in one order."""
    unit = fleet.state.enqueue(Unit("etl.gold", "tonight", {"call": "tonight"}, on_queue="index"))
    fleet.until_state(unit, "done")
    tables = fleet.resources.gold.tables()
    return {name: sorted(tables[name].select(SCHEMAS[name].names).to_pylist(), key=repr) for name in SCHEMAS}
