"""DELETE /v1/jobs/{id}: work stops, its processes end, nothing follows; who else wants it gets it."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from esg.extract.sandbox.inside import PARSER
from tasks.lease import LOOK_SECONDS
from tests.fakes.fleets import Fleet, write_report
from tests.fakes.serving import serving, upload

OPEN = ("pending", "queued", "leased", "retry_wait")
SOON_SECONDS = 10.0  # a busy machine is slow; on an idle one it is a second or two


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    with Fleet(tmp_path_factory.mktemp("fleet"), ESG_LEASE_SECONDS="60") as fleet:
        fleet.start("ingest", "embed", "index", "score", is_faulty=False)
        yield fleet


@pytest.fixture(scope="module")
def client(fleet: Fleet) -> Iterator[httpx.Client]:
    with serving(fleet.settings) as client:
        yield client


def parsers(fleet: Fleet) -> list[psutil.Process]:
    """The sandboxes that the ingest worker has started."""
    worker = psutil.Process(fleet.workers["ingest"].process.pid)
    return [child for child in worker.children(recursive=True) if _is_parser(child)]


def _is_parser(process: psutil.Process) -> bool:
    try:
        return process.name() == PARSER
    except psutil.Error:
        return False


def hold_parser(fleet: Fleet) -> psutil.Process:
    """Stop a parser in the middle of its work."""
    (parser,) = fleet.until(lambda: parsers(fleet), "a parser at work")
    parser.send_signal(signal.SIGSTOP)
    return parser


def test_a_cancelled_job_stops_its_parser_and_nothing_follows(
    fleet: Fleet, client: httpx.Client, tmp_path: Path
) -> None:
    accepted = upload(client, write_report(tmp_path / "long.pdf", pages=400)).json()
    parser = hold_parser(fleet)

    assert client.delete(accepted["links"]["job"]).json()["state"] == "cancelled"

    fleet.until(lambda: not parser.is_running(), "the parser to be gone", SOON_SECONDS)
    assert fleet.workers["ingest"].is_running
    units = [fleet.count("stage_runs", document_id=accepted["document_id"], state=s) for s in OPEN]
    assert units == [0] * len(OPEN)
    assert fleet.count("outbox") == 0
    other = upload(client, write_report(tmp_path / "next.pdf", tag="next")).json()
    fleet.until_scored([other["job_id"]])
    tasks = fleet.count("stage_runs", document_id=accepted["document_id"])
    assert (tasks, client.get(accepted["links"]["job"]).json()["state"]) == (1, "cancelled")
    assert fleet.count("dead_letters") == 0


def test_a_document_that_another_job_wants_is_read_to_the_end(
    fleet: Fleet, client: httpx.Client, tmp_path: Path
) -> None:
    report = write_report(tmp_path / "wanted.pdf", pages=300)
    first, second = upload(client, report).json(), upload(client, report).json()
    parser = hold_parser(fleet)

    assert client.delete(first["links"]["job"]).json()["state"] == "cancelled"

    time.sleep(3 * LOOK_SECONDS)
    assert client.get(second["links"]["job"]).json()["state"] == "running"
    parser.send_signal(signal.SIGCONT)
    fleet.until_scored([second["job_id"]])
    assert client.get(first["links"]["job"]).json()["state"] == "cancelled"


def test_a_cancelled_document_can_be_sent_again(fleet: Fleet, client: httpx.Client, tmp_path: Path) -> None:
    report = write_report(tmp_path / "again.pdf", pages=200)
    first = upload(client, report).json()
    parser = hold_parser(fleet)
    client.delete(first["links"]["job"])
    fleet.until(lambda: not parser.is_running(), "the parser to be gone", SOON_SECONDS)

    second = upload(client, report).json()

    fleet.until_scored([second["job_id"]])
