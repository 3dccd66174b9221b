"""The fleet as a user runs it: `python -m workers`, `celery -A esg …`, real reports, real processes."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from esg import broker
from esg.pipeline import score_source
from esg.report import canonical_json
from esg.resources import open_resources
from esg.sources import Kind, Source
from esg.state import Hint, Job
from tasks.dispatch import send
from tests.fakes.asking import get
from tests.fakes.fleets import ROOT, Fleet, write_report
from tests.fakes.web import site
from tests.servers.server import free_ports
from workers.presence import Presence

SAMPLE = ROOT / "tests/golden/samples/quernlow-2024.pdf"


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    home = tmp_path_factory.mktemp("fleet")
    (home / "inbox").mkdir()
    with Fleet(home, ESG_INBOX=str(home / "inbox"), ESG_WORKER_NICE="2") as fleet:
        fleet.start("ingest", "embed", "index", "score", is_faulty=False)
        yield fleet


@pytest.fixture(scope="module")
def scored(fleet: Fleet) -> Job:
    """Send a sample through the fleet, as `celery call` does."""
    call = _celery(fleet, "call", "ingest.document", "--kwargs", json.dumps({"source": str(SAMPLE)}))
    fleet.until(lambda: any(job.id == call for job in fleet.state.jobs()), "the call to be admitted")
    (job,) = fleet.until_scored([call])
    return job


def test_a_report_called_by_hand_is_scored_under_the_id_of_its_call(fleet: Fleet, scored: Job) -> None:
    document = scored.document_id or ""

    assert (scored.state, scored.pages > 0, scored.chunks_embedded == scored.chunks) == ("scored", True, True)
    for task, count in (("ingest.document", 1), ("index.document", 1), ("score.document", 1)):
        assert fleet.count("stage_runs", document_id=document, task=task, state="done") == count
    assert fleet.count("stage_runs", state="done", attempts=1) == fleet.count("stage_runs")


def test_workers_and_what_they_start_give_way(fleet: Fleet) -> None:
    for worker in fleet.workers.values():
        pids = [worker.process.pid, *Presence(fleet.home, worker.name).children()]
        assert len(pids) > 1
        assert {os.getpriority(os.PRIO_PROCESS, pid) for pid in pids} == {2}
        group = Path(f"/proc/{worker.process.pid}/autogroup")
        assert not group.exists() or group.read_text().endswith(" nice 2\n")


def test_the_fleet_and_the_library_write_the_same_bytes(fleet: Fleet, scored: Job, tmp_path: Path) -> None:
    """`esg score --local` reads with an empty cache what the fleet read in batches."""
    key = fleet.state.scorecard_key(scored.document_id or "") or ""
    alone = open_resources(fleet.settings.model_copy(update={"home": tmp_path}))

    scorecard = score_source(str(SAMPLE), resources=alone).scorecard

    assert fleet.resources.lake.scorecard(key) == canonical_json(scorecard)


def test_a_report_that_is_known_costs_nothing(fleet: Fleet, scored: Job) -> None:
    before = fleet.count("stage_runs", task="score.document")

    (again,) = fleet.until_scored([fleet.submit(SAMPLE)])

    assert (again.reused, again.document_id) == (True, scored.document_id)
    assert fleet.count("stage_runs", task="score.document") == before


def test_a_report_that_cannot_be_read_is_rejected_with_a_reason(fleet: Fleet, tmp_path: Path) -> None:
    (tmp_path / "broken.pdf").write_bytes(b"This is no PDF.")

    (job,) = fleet.until_over([fleet.submit(tmp_path / "broken.pdf")])

    assert job.state == "rejected"
    assert job.reason
    assert fleet.count("dead_letters", subject=job.id, kind="rejected") == 1


def test_a_company_is_scored_where_it_lacks_a_current_scorecard(fleet: Fleet, scored: Job) -> None:
    """Nothing to do for what is scored; the call itself is a stage run, once."""
    jobs = fleet.count("jobs")

    call = _celery(fleet, "call", "score.company", "--kwargs", '{"company": "Quernlow Ltd", "year": 2024}')
    fleet.until(lambda: fleet.count("stage_runs", subject=call, state="done"), "the call to be done")

    assert fleet.count("jobs") == jobs


def test_what_lies_in_the_inbox_is_scored_once(fleet: Fleet) -> None:
    report = write_report(fleet.home / "inbox" / "report.pdf", tag="inbox")
    os.utime(report, (time.time() - 60, time.time() - 60))

    for _ in range(2):
        _celery(fleet, "call", "etl.inbox")
    fleet.until(lambda: fleet.count("jobs", source=str(report), state="scored"), "the inbox to be scored")

    assert fleet.count("jobs", source=str(report)) == 1


def test_what_a_source_lists_is_fetched_and_scored_once(fleet: Fleet, tmp_path: Path) -> None:
    report = write_report(tmp_path / "report.pdf", tag="source").read_bytes()
    with site() as web:
        web.pages = {
            "/sitemap.xml": f"<urlset><url><loc>{web.url}/r.pdf</loc></url></urlset>".encode(),
            "/r.pdf": report,
        }
        source = Source(Kind.SITEMAP, f"{web.url}/sitemap.xml")
        fleet.state.add_source(source, 3600)
        scans = {"task": "ingest.scan", "state": "done"}
        for looks in (1, 2):
            fleet.state.wake_source(source.id)
            _celery(fleet, "call", "ingest.sources")
            fleet.until(lambda n=looks: fleet.count("stage_runs", **scans) == n, "the scan to be done")  # type: ignore[misc]
        fleet.until(lambda: fleet.count("jobs", source=f"{web.url}/r.pdf", state="scored"), "it to be scored")

    assert fleet.count("jobs", source=f"{web.url}/r.pdf") == 1
    assert [one.status for one in web.asked if one.path == "/r.pdf"] == [200, 304]


def test_a_step_of_the_fleets_own_cannot_be_called(fleet: Fleet) -> None:
    batches = fleet.count("stage_runs", task="embed.batch")

    call = _celery(fleet, "call", "embed.batch", "--kwargs", '{"document_id": "x", "batch": 0}')
    log = fleet.workers["embed"].log
    fleet.until(lambda: "is a step of the fleet's own" in log.read_text(), "the call to be refused")

    assert call in log.read_text()
    assert fleet.count("stage_runs", task="embed.batch") == batches
    fleet.until(lambda: fleet.count("dead_letters", task="control.message") == 1, "it to be a dead letter")


def test_workers_answer_remote_control(fleet: Fleet) -> None:
    answer = json.loads(_celery(fleet, "inspect", "--json", "--timeout", "20", "ping"))

    assert {name.partition("@")[0] for name in answer} == {"ingest", "embed", "index", "score"}


def test_flower_shows_the_tasks_behind_its_password(fleet: Fleet, tmp_path: Path) -> None:
    """With the password of the environment, and with the reason a task came to nothing for."""
    port = free_ports(1)[0]
    flower = {"FLOWER_ADDRESS": "127.0.0.1", "FLOWER_PORT": str(port), "FLOWER_BASIC_AUTH": "esg:secret"}
    command = [sys.executable, "-m", "celery", "-A", "esg", "flower"]
    with (tmp_path / "flower.log").open("wb") as log:
        process = subprocess.Popen(
            command, env={**fleet.environment, **flower}, cwd=ROOT, stdout=log, stderr=log
        )
    try:
        fleet.until(
            lambda: get(f"http://127.0.0.1:{port}/api/tasks")[0] == 401, "flower to ask for a password"
        )
        fleet.until(lambda: "ingest@" in _flower(port, "workers?refresh=1"), "flower to see the workers")
        fleet.until_over([fleet.submit("/nowhere.pdf")])
        fleet.until(lambda: "There is no file" in _flower(port, "tasks"), "flower to show the task")
    finally:
        process.kill()
        process.wait()


def test_a_worker_may_be_started_as_celery_starts_it(fleet: Fleet, tmp_path: Path) -> None:
    """What `python -m workers` does besides comes with the application: presence, drain, metrics."""
    command = [sys.executable, "-m", "celery", "-A", "esg", "worker", "-Q", "embed", "-n", "by-hand@here"]
    presence = Presence(fleet.home, "by-hand@here")
    with (tmp_path / "worker.log").open("wb") as log:
        process = subprocess.Popen(command, env=fleet.environment, cwd=ROOT, stdout=log, stderr=log)
    try:
        fleet.until((presence.folder / "ready").exists, "the worker to be ready")
        process.terminate()
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()


def test_messages_are_smaller_than_a_kilobyte(fleet: Fleet) -> None:
    """With all that Celery and kombu add, as it lies in Redis; nobody consumes `control` here."""
    app = fleet.app()
    with app.connection_for_write() as connection, app.amqp.Producer(connection) as producer:
        send(app, Hint(1, "f" * 32, "ingest.document", "control", ""), producer)
    client = broker.connect(broker.ensure(fleet.settings))

    message = client.lindex("esg:control", -1)
    client.close()

    assert 0 < len(message) < 1024


def test_metrics_of_the_children_are_served_by_the_worker(fleet: Fleet, scored: Job) -> None:
    samples = {}
    for name in ("ingest", "embed", "score"):
        url = (fleet.home / "run" / name / "metrics.url").read_text()
        with urllib.request.urlopen(url, timeout=10) as answer:
            for family in text_string_to_metric_families(answer.read().decode()):
                samples |= {(name, s.name, *sorted(s.labels.values())): s.value for s in family.samples}

    assert samples["ingest", "esg_task_seconds_count", "done", "ingest"] >= 2
    assert samples["ingest", "esg_pages_total"] >= scored.pages
    assert samples["embed", "esg_chunks_embedded_total"] >= scored.chunks
    assert samples["score", "esg_documents_total", "scored"] >= 1
    assert samples["embed", "esg_worker_children_ready"] == 1
    assert samples["embed", "esg_worker_rss_bytes", "children"] > 50 * 2**20


def test_logs_are_lines_of_json_without_document_text(fleet: Fleet, scored: Job) -> None:
    """Each end of a task is one line that says what, of which document, how it ended and how long it took."""
    lines = [
        json.loads(line)
        for line in fleet.workers["score"].log.read_text().splitlines()
        if line.startswith("{")
    ]
    (line,) = [x for x in lines if x.get("document_id") == scored.document_id and x.get("outcome") == "done"]

    assert list(line)[:6] == ["@timestamp", "level", "logger", "message", "request_id", "trace_id"]
    assert (line["stage"], line["queue"], line["duration_ms"] > 0) == ("score", "score", True)
    assert len(line["trace_id"]) == 32
    assert "emissions" not in fleet.workers["score"].log.read_text()


def _flower(port: int, path: str) -> str:
    return get(f"http://127.0.0.1:{port}/api/{path}", "esg:secret")[1]


def _celery(fleet: Fleet, *arguments: str) -> str:
    """Run `celery -A esg …` as a person does, from the checkout."""
    command = [sys.executable, "-m", "celery", "-A", "esg", *arguments]
    ended = subprocess.run(
        command, env=fleet.environment, cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout.strip()
