"""One trace for each submission, whatever the queue did: real API, real fleet, a real OTLP receiver."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from signal import SIGTERM

import httpx
import pytest

from esg import tracing
from esg.state import Unit
from tests.fakes import receiver as webhooks
from tests.fakes.fleets import ROOT, Fleet, write_report
from tests.fakes.otlp import Receiver, Told, receiving
from tests.fakes.web import Site, site
from tests.servers.watsonx_peer import serving

CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
TRACE = CALLER[3:35]
UNSAMPLED = "00-11f92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"
SECRET_WORDS = ("Science Based Targets", "board of directors", "Zebraword", "tCO2e")
FLOW = ["ingest.source", "ingest.document", "embed.batch", "index.document", "score.document"]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


@contextmanager
def api(fleet: Fleet) -> Iterator[httpx.Client]:
    """The API of a fleet's home, as a process."""
    running = subprocess.Popen(
        [sys.executable, "-m", "api"], env=fleet.environment, cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    try:
        assert running.stderr
        url = json.loads(running.stderr.readline())["message"].split()[-1]
        with httpx.Client(base_url=url, timeout=30, transport=httpx.HTTPTransport(retries=5)) as client:
            fleet.until(lambda: client.get("/live").is_success, "the API to answer")
            yield client
        running.send_signal(SIGTERM)
        running.communicate(timeout=30)
    finally:
        running.kill()
        running.communicate()


def above(span: Told, by_id: dict[str, Told]) -> list[str]:
    """The ids from a span up to the last that was told, and the parent of that."""
    path = [span.id]
    while span.parent in by_id:
        span = by_id[span.parent]
        path.append(span.id)
    return [*path, span.parent]


@pytest.fixture
def publisher(tmp_path: Path) -> Iterator[Site]:
    """A site that has a report to fetch."""
    report = write_report(tmp_path / "report.pdf", tag="Zebraword", company="Zebracorp")
    with site() as server:
        server.pages["/report.pdf"] = report.read_bytes()
        yield server


@pytest.fixture
def told_when_done() -> Iterator[webhooks.Receiver]:
    with webhooks.receiving() as server:
        yield server


@pytest.mark.slow
def test_a_submission_is_one_tree_from_the_caller_through_api_broker_and_four_stages(
    receiver: Receiver, publisher: Site, told_when_done: webhooks.Receiver, tmp_path: Path
) -> None:
    asked = {"url": f"{publisher.url}/report.pdf", "webhook": told_when_done.url}
    open_to_us = {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url, "ESG_FETCH_ALLOW_PRIVATE": "true"}
    with Fleet(tmp_path / "home", **open_to_us) as fleet:
        fleet.start("ingest", "embed", "index", "score", "control")
        with api(fleet) as client:
            answer = client.post("/v1/documents", json=asked, headers={"traceparent": CALLER})
            assert answer.status_code == 202, answer.text
            assert answer.headers["x-trace-id"] == TRACE
            fleet.until_scored([answer.json()["job_id"]])
        fleet.until(lambda: told_when_done.told, "the webhook to be told")
        receiver.until(lambda: "score.document" in {span.name for span in receiver.of(TRACE)})
        fleet.end()

    spans = receiver.of(TRACE)
    by_id = {span.id: span for span in spans}
    (root,) = [span for span in spans if span.kind == "server"]
    assert root.name == "POST /v1/documents"
    assert root.id == answer.headers["x-span-id"]
    assert root.parent == CALLER[36:52]
    assert {above(span, by_id)[-2] for span in spans} == {root.id}, "all hang on the request"
    assert {span.parent for span in spans} - set(by_id) == {CALLER[36:52]}, "no parent is missing"

    done = [span for span in spans if span.attributes.get("esg.outcome") == "done"]  # one may be lost
    stages = {name: [span for span in done if span.name == name] for name in FLOW}
    assert all(stages.values())
    for stage, found in stages.items():
        message = by_id[found[0].parent]
        sent = by_id[message.parent]
        queue = stage.partition(".")[0]
        assert (message.name, message.kind) == (f"process {queue}", "consumer")
        assert message.attributes["messaging.operation.type"] == "process"
        assert message.attributes["messaging.destination.name"] == queue
        assert (sent.name, sent.kind) == (f"send {queue}", "producer")
        assert sent.attributes["messaging.message.id"] == message.attributes["messaging.message.id"]
    batches = {span.id for span in stages["embed.batch"]}
    assert {to for to, word in stages["index.document"][0].links if word == "follows"} == batches

    (fetched,), (notified,) = publisher.asked, told_when_done.told
    for span_name, task, sent in (
        ("source fetch", "ingest.source", fetched.traceparent),
        ("webhook deliver", "control.webhook", notified.headers["traceparent"]),
    ):
        continued = by_id[sent.split("-")[2]]
        assert (continued.trace, continued.name, continued.kind) == (TRACE, span_name, "client")
        assert by_id[continued.parent].name == task

    parts = {span.attributes.get("esg.part") for span in spans}
    assert {"objects", "vectors", "embedder"} <= parts
    written = {span.attributes.get("db.collection.name") for span in spans}
    assert {"jobs", "stage_runs", "scorecards", "outbox"} <= written
    assert {span.service for span in spans} >= {
        "esg-api",
        "esg-ingest",
        "esg-embed",
        "esg-index",
        "esg-score",
    }

    told = "\n".join(span.raw for span in receiver.spans())
    assert not [word for word in (*SECRET_WORDS, "Zebracorp", "report.pdf", publisher.url) if word in told]


def test_each_attempt_of_a_retried_task_is_a_span_linked_to_the_one_before(
    receiver: Receiver, tmp_path: Path
) -> None:
    with Fleet(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url) as fleet:
        folder = fleet.inject("transient", task="index.probe", source="flaky", times=2)
        fleet.start("index")
        unit = fleet.state.enqueue(Unit("index.probe", "flaky", {"source": "flaky"}, trace=CALLER))
        fleet.until_state(unit, "done")
        assert len(fleet.victims(folder)) == 2
        fleet.end()

        attempts = [span for span in receiver.of(TRACE) if span.name == "index.probe"]
        attempts.sort(key=lambda span: int(str(span.attributes["esg.attempt"])))
        assert [span.attributes["esg.outcome"] for span in attempts] == ["retry", "retry", "done"]
        assert [span.is_error for span in attempts] == [True, True, False]
        assert len({span.id for span in attempts}) == 3
        assert attempts[0].links == ()
        for before, after in pairwise(attempts):
            assert after.links == ((before.id, "previous attempt"),)
        assert "hidden words" not in "".join(span.raw for span in receiver.spans())


def test_an_attempt_whose_process_was_killed_is_told_by_who_took_its_work_back(
    receiver: Receiver, tmp_path: Path
) -> None:
    with Fleet(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url) as fleet:
        fleet.inject("segfault", task="index.probe", source="deadly", times=1)
        fleet.start("index")
        unit = fleet.state.enqueue(Unit("index.probe", "deadly", {"source": "deadly"}, trace=CALLER))
        fleet.until_state(unit, "done")
        fleet.end()

    lost, done = sorted(
        (span for span in receiver.of(TRACE) if span.name == "index.probe"),
        key=lambda span: int(str(span.attributes["esg.attempt"])),
    )
    assert (lost.attributes["esg.outcome"], lost.is_error) == ("lost", True)
    assert (done.attributes["esg.outcome"], done.links) == ("done", ((lost.id, "previous attempt"),))


def test_an_unsampled_trace_tells_of_what_failed_alone(receiver: Receiver, tmp_path: Path) -> None:
    with Fleet(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, ESG_MAX_RETRIES="0") as fleet:
        fleet.inject("transient", task="index.probe", source="bad", times=1)
        fleet.start("index")
        well, bad = (
            fleet.state.enqueue(Unit("index.probe", name, {"source": name}, trace=UNSAMPLED))
            for name in ("well", "bad")
        )
        fleet.until_state(well, "done")
        fleet.until_state(bad, "dead")
        fleet.end()

    told = receiver.of(UNSAMPLED[3:35])
    assert {span.attributes["messaging.message.id"] for span in told if span.name == "index.probe"} == {bad}
    assert {"process index", "index.probe"} <= {span.name for span in told}
    assert [span for span in told if span.attributes.get("db.operation.name")], "with what was done in it"


def test_a_ratio_of_nothing_keeps_no_trace_that_begins_here(receiver: Receiver, tmp_path: Path) -> None:
    with Fleet(tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url, ESG_TRACE_RATIO="0") as fleet:
        fleet.start("index")
        trace = fleet.state.new_trace()
        assert trace.endswith("-00")
        quiet = fleet.state.enqueue(Unit("index.probe", "a", {"source": "a"}, trace=trace))
        asked = fleet.state.enqueue(Unit("index.probe", "b", {"source": "b"}, trace=CALLER))
        fleet.until_state(quiet, "done")
        fleet.until_state(asked, "done")
        fleet.end()

    assert {span.trace for span in receiver.spans()} == {TRACE}, "a caller who wants its trace gets it"


def test_the_console_exporter_writes_a_line_for_each_span(tmp_path: Path) -> None:
    with Fleet(tmp_path, OTEL_TRACES_EXPORTER="console") as fleet:
        fleet.start("index")
        unit = fleet.state.enqueue(Unit("index.probe", "a", {"source": "a"}, trace=CALLER))
        fleet.until_state(unit, "done")
        fleet.end()
        assert f'"trace_id": "0x{TRACE}"' in (tmp_path / "index.log").read_text()


def test_nothing_is_set_up_at_import() -> None:
    """A fork would inherit an exporter whose thread is gone."""
    code = "import workers.telemetry, tasks.ingest, api.app, sys; from esg import tracing; "
    code += "assert not tracing.is_on()"
    subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"},
        cwd=ROOT,
        check=True,
    )
    assert not tracing.is_on()


ASK_WATSONX = """
import sys
from esg import tracing
from esg.resources import open_resources
from esg.settings import Settings
settings = Settings()
tracing.start(settings.exporting, service="esg-test")
with tracing.span("index.probe", parent=sys.argv[1]):
    open_resources(settings).embedder.embed(["Zebraword is in a sentence", "and another"])
tracing.flush()
"""


def test_what_watsonx_is_asked_is_told_by_operation_and_count(receiver: Receiver, tmp_path: Path) -> None:
    with serving(tmp_path / "peer") as peer:
        environment = os.environ | peer.environment()
        environment |= {
            "ESG_HOME": str(tmp_path / "home"),
            "ESG_EMBEDDER": "watsonx",
            "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url,
        }
        subprocess.run([sys.executable, "-c", ASK_WATSONX, CALLER], env=environment, cwd=ROOT, check=True)

    spans = receiver.of(TRACE)
    by_id = {span.id: span for span in spans}
    (asked,) = [span for span in spans if span.name == "watsonx embed"]
    assert (asked.kind, asked.attributes["esg.items"]) == ("client", 2)
    assert [by_id[span_id].name for span_id in above(asked, by_id)[:-1]] == [
        "watsonx embed",
        "embedder embed",
        "index.probe",
    ]
    assert {request.traceparent for request in peer.requests} == {f"00-{TRACE}-{asked.id}-01"}
    assert "usage" in {span.attributes.get("db.collection.name") for span in spans}
    assert "Zebraword" not in "".join(span.raw for span in spans)
