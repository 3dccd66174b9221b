"""What the processes of a fleet write: lines of JSON, in order, without the passwords they were given."""

import json
import signal
import sys
from pathlib import Path

import pytest

from tests.fakes.fleets import Fleet, write_report
from tests.servers import redis

FIRST = ["@timestamp", "level", "logger", "message", "request_id", "trace_id"]
TASK = ["stage", "queue", "task_id", "document_id", "outcome", "duration_ms"]
OTHERS_SECRETS = {
    "ESG_WEBHOOK_SECRET": "webhook-secret-4711",
    "IBM_WATSONX_API_KEY": "watsonx-key-4711",
    "MCP_API_KEY": "assistants-key-4711",
}


@pytest.mark.slow
def test_workers_beat_and_api_write_json_and_no_password_also_when_the_broker_goes(tmp_path: Path) -> None:
    broker, url = redis.server(tmp_path / "redis")
    report = write_report(tmp_path / "report.pdf", tag="Zebraword")
    with broker, Fleet(tmp_path / "home", ESG_BROKER_URL=url, **OTHERS_SECRETS) as fleet:
        fleet.start("ingest", "embed", "index", "score", "control", "beat")
        fleet._run("api", [sys.executable, "-m", "api"], {})
        job = fleet.submit(report)
        fleet.until_scored([job])
        fleet.until(lambda: "http://" in fleet.workers["api"].log.read_text(), "the API to listen")
        trace = fleet.state.job(job).trace[3:35]
        broker.kill()
        for name in ("index", "beat"):
            lost = fleet.workers[name].log
            fleet.until(lambda lost=lost: '"ERROR"' in lost.read_text(), f"{name} to miss its broker")  # type: ignore[misc]
        for worker in fleet.workers.values():
            worker.send(signal.SIGTERM)
        logs = {name: worker.log for name, worker in fleet.workers.items()}
        for worker in fleet.workers.values():
            worker.process.wait(60)

    told = {name: log.read_text() for name, log in logs.items()}
    for name, text in told.items():
        lines = text.splitlines()
        assert [line for line in lines if not line.startswith("{")] == [], name
        for line in map(json.loads, lines):
            assert list(line)[:6] == FIRST
            assert line["@timestamp"].endswith("Z")
            assert [key for key in line if key in TASK] == [key for key in TASK if key in line]
        for secret in (redis.PASSWORD, *OTHERS_SECRETS.values(), "Zebraword", "Science Based"):
            assert secret not in text, f"{secret} in the log of {name}"
    for name in ("ingest", "embed", "index", "score"):
        ends = [json.loads(line) for line in told[name].splitlines() if '"outcome": "done"' in line]
        assert trace in {line["trace_id"] for line in ends}, f"{name} tells the trace of the submission"
