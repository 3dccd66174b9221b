"""A release beside the one before it: its rows and messages are worked to the end, what is new is no harm.

`tests/fixtures/releases/REVISION` is what the last release of that schema left, half done: a report scored,
one in the lake whose next hint was never published, one whose worker died, one that nobody has begun.
`messages.json` has messages as releases send them.
"""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from kombu import Exchange

from esg.fetch import from_bytes
from esg.resources import Resources, open_resources
from esg.settings import Settings
from esg.state.migrate import revision
from esg.state.schema import REVISION
from tests.fakes.fleets import ROOT, Fleet, write_report
from tests.fakes.workshop import work_off

RELEASES = sorted((ROOT / "tests/fixtures/releases").glob("[0-9]*"))
MESSAGES = json.loads((ROOT / "tests/fixtures/releases/messages.json").read_text())
JOBS = ["done", "leased", "pending", "read"]


@pytest.fixture(params=RELEASES, ids=lambda path: path.name)
def left(request: pytest.FixtureRequest, tmp_path: Path) -> Resources:
    """A home as an earlier release left it: its rows, the reports where they were, and its lake."""
    release: Path = request.param
    home = tmp_path / "home"
    home.mkdir()
    connection = sqlite3.connect(home / "state.sqlite")
    connection.executescript((release / "state.sql").read_text())
    connection.close()
    for report in release.glob("*.pdf"):
        shutil.copy(report, tmp_path)
    opened = open_resources(Settings(home=home))
    for name in ("done", "read"):
        opened.lake.put_original(from_bytes((release / f"{name}.pdf").read_bytes(), name=f"{name}.pdf"))
    return opened


def test_what_an_earlier_release_left_is_worked_to_the_end(left: Resources, tmp_path: Path) -> None:
    with sqlite3.connect(left.settings.home / "state.sqlite") as old:
        was_done = old.execute(
            "SELECT id, attempts, finished_at FROM stage_runs WHERE state = 'done'"
        ).fetchall()
    old.close()

    work_off(left.settings.home, folder=tmp_path)  # sources are relative, as they were given

    assert {job.id: job.state for job in left.state.jobs()} == dict.fromkeys(JOBS, "scored")
    with left.state.engine.connect() as tx:
        assert revision(tx) == REVISION
        query = "SELECT id, attempts, finished_at FROM stage_runs WHERE state = 'done'"
        now = {row[0]: tuple(row) for row in tx.execute(sa.text(query))}
        assert all(now[row[0]] == row for row in was_done), "what was done stays done"
        lost = tx.execute(sa.text("SELECT lost FROM stage_runs WHERE subject = 'leased'")).scalar_one()
    assert lost == 1
    left.state.close()


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    with Fleet(tmp_path_factory.mktemp("fleet")) as fleet:
        fleet.start("ingest", "embed", "index", "score", is_faulty=False)
        yield fleet


@pytest.mark.parametrize("message", MESSAGES, ids=[one["about"] for one in MESSAGES])
def test_a_message_of_another_release_is_understood(
    message: dict[str, Any], fleet: Fleet, tmp_path: Path
) -> None:
    """Sent as it lies on the wire: what this release does not know of it changes nothing."""
    report = write_report(tmp_path / "report.pdf", company=message["about"], tag=message["about"])
    call = f"call-{MESSAGES.index(message)}"
    filled = json.loads(json.dumps(message).replace("{id}", call).replace("{source}", str(report)))
    if "{unit}" in json.dumps(message):
        with fleet.state.engine.begin() as tx:
            assert tx.execute(sa.text("SELECT count(*) FROM jobs WHERE id = :id"), {"id": call}).scalar() == 0
        fleet.submit(report, job_id=call)
        unit = fleet.until(lambda: _unit_of(fleet, call), "the stage run")
        filled = json.loads(json.dumps(filled).replace("{unit}", unit))

    with fleet.app().producer_pool.acquire(block=True) as producer:  # type: ignore[attr-defined]
        queue = message["headers"]["task"].partition(".")[0]
        producer.publish(
            filled["body"],
            exchange=Exchange(queue, type="direct"),
            routing_key=queue,
            serializer="json",
            headers=filled["headers"],
            **filled["properties"],
        )

    fleet.until(lambda: call in {job.id for job in fleet.state.jobs()}, "the message to be taken")
    (job,) = fleet.until_scored([call])
    assert fleet.count("dead_letters") == 0
    done = fleet.count("stage_runs", document_id=job.document_id, state="done", attempts=1)
    assert done == fleet.count("stage_runs", document_id=job.document_id) == 4, "nothing was done twice"


def _unit_of(fleet: Fleet, job: str) -> str:
    with fleet.state.engine.connect() as tx:
        query = sa.text("SELECT id FROM stage_runs WHERE subject = :job")
        return str(tx.execute(query, {"job": job}).scalar() or "")
