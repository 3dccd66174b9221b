"""What comes out of a fleet: lines of JSON, in order, and nowhere a secret that it was given."""

import json
import re
import signal
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import redis as client_of_redis
from pydantic import SecretStr

from esg.settings import Settings, names
from esg.state import KeyScope, Unit
from tests.fakes.fleets import Fleet, write_report
from tests.fakes.otlp import Receiver, receiving
from tests.servers import redis

FIRST = ["@timestamp", "level", "logger", "message", "request_id", "trace_id"]
TASK = ["stage", "queue", "task_id", "document_id", "outcome", "duration_ms"]
OTHERS_SECRETS = {
    "ESG_DATABASE_PASSWORD": "database-password-4711",
    "ESG_CASSANDRA_PASSWORD": "cassandra-password-4711",
    "ASTRA_DB_APPLICATION_TOKEN": "astra-token-4711",
    "ESG_ICEBERG_TOKEN": "catalog-token-4711",
    "ESG_API_KEY": "clients-key-4711",
    "AWS_SECRET_ACCESS_KEY": "stores-key-4711",
    "ESG_WEBHOOK_SECRET": "webhook-secret-4711",
    "IBM_WATSONX_API_KEY": "watsonx-key-4711",
    "MCP_API_KEY": "assistants-key-4711",
    "ESG_MESSAGE_KEY": "messages-key-4711-4711-4711-4711",
    "ESG_MESSAGE_KEY_ACCEPTED": "messages-key-4712-4712-4712-4712",
    "ESG_FLOWER_PASSWORD": "flower-password-4711",
    "ESG_ICEBERG_CREDENTIAL": "catalog:credential-4711",
}
CALLERS_SECRET = "callers-password-4711"
CATALOGS_SECRET = "catalogs-password-4711"  # in a URL, of a server that is not there
NOT_THERE = {
    "ESG_ICEBERG_URI": f"http://ann:{CATALOGS_SECRET}@127.0.0.1:9/",
    "ESG_ICEBERG_WAREHOUSE": "none",
    "ESG_RETRY_BASE_SECONDS": "60",  # what misses it is not busy with it
}
ALL_SECRETS = (redis.PASSWORD, *OTHERS_SECRETS.values(), CALLERS_SECRET, CATALOGS_SECRET)


def test_every_secret_setting_has_a_value_to_look_for() -> None:
    secret = {name for name, field in Settings.model_fields.items() if field.annotation is SecretStr}
    looked_for = {field for field in secret if OTHERS_SECRETS.keys() & set(names(field))}

    assert secret - looked_for == {"broker_password"}, "which is in ESG_BROKER_URL"


def served(fleet: Fleet, key: str) -> Iterator[tuple[str, str]]:
    """What an API and the workers answer: metrics, and errors about what a caller sent."""
    url = re.search(r'http://[^\s"]+', fleet.workers["api"].log.read_text())
    assert url
    sent = {"url": f"https://ann:{CALLERS_SECRET}@reports.example/a.pdf", "company": "Acme", "year": 2024}
    with httpx.Client(base_url=url[0], timeout=30) as client:
        for name, asked in (
            ("metrics", client.get("/metrics", headers={"x-api-key": key})),
            ("wrong key", client.get("/v1/jobs", headers={"x-api-key": key[:-4] + "0000"})),
            ("a URL with a password", client.post("/v1/documents", json=sent, headers={"x-api-key": key})),
            ("no job", client.get("/v1/jobs/none", headers={"x-api-key": key})),
            ("not JSON", client.post("/v1/documents", content=b"{", headers={"x-api-key": key})),
            ("readiness", client.get("/ready")),
        ):
            yield f"the API's answer: {name}", f"{asked.headers}{asked.text}"
        assert asked.status_code == 200
    for file in (fleet.home / "run").glob("*/metrics.url"):
        yield f"metrics of {file.parent.name}", httpx.get(file.read_text().strip(), timeout=30).text


def kept(fleet: Fleet, url: str) -> Iterator[tuple[str, str]]:
    """What lies in the broker and in the database."""
    with client_of_redis.Redis.from_url(url) as broker:
        for key in broker.scan_iter():
            yield f"Redis: {key!r}", repr(broker.dump(key))
    with sqlite3.connect(fleet.home / "state.sqlite") as database:
        yield "SQL", "\n".join(database.iterdump())
    database.close()


def told_in_spans(receiver: Receiver) -> Iterator[tuple[str, str]]:
    for span in receiver.spans():
        yield f"span {span.name}", span.raw


@pytest.mark.slow
def test_workers_beat_and_api_write_json_and_no_password_also_when_the_broker_goes(tmp_path: Path) -> None:
    broker, url = redis.server(tmp_path / "redis")
    report = write_report(tmp_path / "report.pdf", tag="Zebraword")
    with (
        receiving() as receiver,
        broker,
        Fleet(
            tmp_path / "home",
            ESG_BROKER_URL=url,
            OTEL_EXPORTER_OTLP_ENDPOINT=receiver.url,
            **OTHERS_SECRETS,
            **NOT_THERE,
        ) as fleet,
    ):
        _, key = fleet.state.create_key("ops", scopes=list(KeyScope))
        fleet.start("ingest", "embed", "index", "score", "control", "beat")
        fleet._run("api", [sys.executable, "-m", "api"], {})
        job = fleet.submit(report)
        fleet.until_scored([job])
        fleet.until(lambda: "http://" in fleet.workers["api"].log.read_text(), "the API to listen")
        trace = fleet.state.job(job).trace[3:35]
        fleet.state.enqueue(Unit("etl.gold", "secrets", {"call": "secrets"}, on_queue="index"))
        fleet.until(lambda: fleet.count("stage_runs", error_code="unavailable"), "the catalog to be missed")
        came_out = [*served(fleet, key), *kept(fleet, url)]
        broker.kill()
        for name in ("index", "beat"):
            lost = fleet.workers[name].log
            fleet.until(lambda lost=lost: '"ERROR"' in lost.read_text(), f"{name} to miss its broker")  # type: ignore[misc]
        for worker in fleet.workers.values():
            worker.send(signal.SIGTERM)
        logs = {name: worker.log for name, worker in fleet.workers.items()}
        for worker in fleet.workers.values():
            worker.process.wait(60)

    came_out += told_in_spans(receiver)
    assert {what.partition(" ")[0] for what, _ in came_out} == {"the", "metrics", "Redis:", "SQL", "span"}
    for what, text in came_out:
        for secret in (*ALL_SECRETS, key):
            assert secret not in text, f"{secret} in {what}"
    told = {name: log.read_text() for name, log in logs.items()}
    for name, text in told.items():
        lines = text.splitlines()
        assert [line for line in lines if not line.startswith("{")] == [], name
        for line in map(json.loads, lines):
            assert list(line)[:6] == FIRST
            assert line["@timestamp"].endswith("Z")
            assert [key for key in line if key in TASK] == [key for key in TASK if key in line]
        for secret in (*ALL_SECRETS, key, "Zebraword", "Science Based"):
            assert secret not in text, f"{secret} in the log of {name}"
    for name in ("ingest", "embed", "index", "score"):
        ends = [json.loads(line) for line in told[name].splitlines() if '"outcome": "done"' in line]
        assert trace in {line["trace_id"] for line in ends}, f"{name} tells the trace of the submission"
