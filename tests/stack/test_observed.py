"""A real Prometheus over a real fleet: all is scraped, a killed worker noticed, the gates asked."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from math import isnan
from pathlib import Path

import httpx
import pytest

from tests.fakes.fleets import ROOT, Fleet, write_report
from tests.fakes.serving import upload
from tests.servers import prometheus
from tests.servers.prometheus import Prometheus, Target
from tests.servers.server import Server, free_ports

ROLES = ("ingest", "embed", "index", "score", "control")
PATIENCE_SECONDS = 180.0
REPORTS = 6
TARGETS = len(ROLES) + 3  # the API, Flower, Prometheus itself
BEFORE_ANY = ("ApiDown", "BeatLate")  # what fires where nothing is scraped yet
MISSED = {"RoleMissing", "QueueStalled", "TargetDown"}  # what a dead embed worker with work before it means

pytestmark = pytest.mark.timeout(900)


@dataclass(frozen=True, slots=True)
class Observed:
    """A fleet with its API and Flower, and the Prometheus that watches them."""

    fleet: Fleet
    api: httpx.Client
    flower: int  # its port
    prometheus: Prometheus
    folder: Path

    def until(self, condition: object, what: str) -> None:
        self.fleet.until(condition, what, PATIENCE_SECONDS)  # type: ignore[arg-type]

    def _told(self, role: str) -> Path:
        return self.fleet.home / "run" / role / "metrics.url"

    def start_embed(self) -> None:
        """Start it once more; one that was killed has left its old address behind."""
        self._told("embed").unlink()
        self.fleet.start("embed", is_faulty=False)
        self.until(self._told("embed").exists, "embed's new address")
        self.scrape()

    def health(self) -> list[str]:
        return [target["health"] for target in self.prometheus.active()]

    def work(self, tag: str, count: int = REPORTS) -> list[str]:
        """Hand reports in over HTTP, a little apart, as people do; returns the jobs."""
        jobs = []
        for number in range(count):
            path = write_report(self.folder / f"{tag}-{number}.pdf", company=f"Acme {number}", tag=tag)
            answer = upload(self.api, path)
            assert answer.status_code == 202, answer.text
            jobs.append(answer.json()["job_id"])
            time.sleep(0.3)
        return jobs

    def scrape(self) -> None:
        """Tell Prometheus where everything is: a worker that was started again has another port."""
        self.prometheus.scrape(list(self._targets()))

    def _targets(self) -> Iterator[Target]:
        for role in ROLES:
            yield httpx.URL(self._told(role).read_text()).netloc.decode(), {"job": "workers", "role": role}
        yield self.api.base_url.netloc.decode(), {"job": "api"}
        yield f"127.0.0.1:{self.flower}", {"job": "flower"}

    def gates(self, **limits: str) -> "subprocess.CompletedProcess[str]":
        """Run the script as a release does, with patience for this machine in the one limit it measures."""
        return subprocess.run(
            [ROOT / "scripts" / "runtime_gates.sh"],
            env={**os.environ, "PROMETHEUS_URL": self.prometheus.url, "GATE_API_P95_SECONDS": "5", **limits},
            capture_output=True,
            text=True,
            timeout=60,
        )


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Observed]:
    folder = tmp_path_factory.mktemp("observed")
    api, flower = free_ports(2)
    with ExitStack() as stack:
        watching = stack.enter_context(prometheus.server(folder / "prometheus"))
        fleet = stack.enter_context(Fleet(folder / "home"))
        fleet.start(*ROLES, "beat", is_faulty=False)
        for server in (_api(fleet, folder, api), _flower(fleet, folder, flower)):
            stack.enter_context(server)
        client = stack.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{api}", timeout=60))
        seen = Observed(fleet, client, flower, watching, folder)
        assert seen.gates().returncode == 2, "nothing is scraped yet, so nothing may pass"
        seen.scrape()
        seen.until(lambda: seen.health() == ["up"] * TARGETS, "all targets up")
        fleet.until_scored(seen.work("first"))
        yield seen


def _api(fleet: Fleet, folder: Path, port: int) -> Server:
    settings = {**fleet.environment, "ESG_API_PORT": str(port), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "api"]
    return Server("api", command, folder / "api", lambda: _answers(f"http://127.0.0.1:{port}/live"), settings)


def _flower(fleet: Fleet, folder: Path, port: int) -> Server:
    settings = {**fleet.environment, "ESG_BROKER_URL": fleet.app().conf.broker_url, "PYTHONPATH": str(ROOT)}
    settings |= {"FLOWER_ADDRESS": "127.0.0.1", "FLOWER_PORT": str(port), "FLOWER_BASIC_AUTH": "esg:test"}
    command = [sys.executable, "-m", "celery", "-A", "esg", "flower"]
    url = f"http://127.0.0.1:{port}/healthcheck"
    return Server("flower", command, folder / "flower", lambda: _answers(url), settings)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def test_every_process_is_scraped(observed: Observed) -> None:
    assert observed.health() == ["up"] * TARGETS
    roles = {labels.get("role") for labels, _ in observed.prometheus.ask("esg_worker_rss_bytes")}
    assert roles == set(ROLES)
    assert observed.prometheus.ask("flower_worker_online")


def test_every_recorded_rule_has_a_value_and_no_alert_fires_while_all_is_well(observed: Observed) -> None:
    recorded = sorted({rule["name"] for rule in observed.prometheus.rules() if rule["type"] == "recording"})
    assert len(recorded) >= 40

    for name in recorded:
        observed.until(
            lambda name=name: not all(isnan(value) for _, value in observed.prometheus.ask(name)),
            f"a value of {name}",
        )
    assert [rule["lastError"] for rule in observed.prometheus.rules() if rule["health"] != "ok"] == []
    assert observed.prometheus.ask("prometheus_rule_evaluation_failures_total")
    for name in BEFORE_ANY:  # beat is heard after half a minute at the earliest
        observed.until(lambda name=name: name not in observed.prometheus.alerts(), f"{name} to end")
    assert observed.prometheus.alerts() == {}


def test_each_scorecard_tells_how_long_it_was_waited_for(observed: Observed) -> None:
    def total(name: str) -> float:
        [(_, value)] = observed.prometheus.ask(f"sum({name})")
        return value

    observed.until(lambda: total("esg_submission_seconds_count") >= REPORTS, "each submission's time")
    assert total("esg_score_latency_seconds_count") >= REPORTS
    assert total("esg_score_latency_seconds_sum") <= total("esg_submission_seconds_sum")
    assert observed.prometheus.ask("esg_disk_free_bytes < esg_disk_size_bytes")
    assert total("esg_broker_memory_bytes") > 0


def test_the_gates_pass_and_fail_when_a_limit_is_lowered(observed: Observed) -> None:
    observed.until(lambda: observed.gates().returncode != 2, "an answer to every gate")

    passed = observed.gates()
    failed = observed.gates(GATE_SUBMISSION_P95_SECONDS="0.01")
    unanswered = observed.gates(PROMETHEUS_URL="http://127.0.0.1:9")

    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert passed.stdout.count("ok  ") == 5
    assert failed.returncode == 1
    assert "FAILED   submission to scorecard" in failed.stdout
    assert unanswered.returncode == 2
    assert unanswered.stdout.count("NO DATA") == 5


def test_a_killed_worker_is_noticed_and_forgiven(observed: Observed) -> None:
    worker = observed.fleet.workers["embed"]
    os.killpg(worker.process.pid, signal.SIGKILL)
    worker.process.wait()
    jobs = observed.work("killed", 2)

    observed.until(lambda: observed.prometheus.alerts().keys() >= MISSED, f"{sorted(MISSED)} to fire")
    [missing] = observed.prometheus.alerts()["RoleMissing"]
    assert missing["labels"] == {"alertname": "RoleMissing", "queue": "embed", "severity": "critical"}
    assert missing["annotations"]["summary"].startswith("No embed worker is up, and ")
    assert (ROOT / missing["annotations"]["runbook_url"]).is_file()
    stalled = observed.gates(GATE_QUEUE_AGE_SECONDS="5")
    assert stalled.returncode == 1, stalled.stdout
    assert "FAILED   queue age" in stalled.stdout

    observed.start_embed()
    observed.fleet.until_scored(jobs)
    observed.until(lambda: not MISSED & observed.prometheus.alerts().keys(), "the alerts to end")
    at_last = {"GATE_WINDOW": "5s", "GATE_QUEUE_AGE_SECONDS": "5"}
    observed.until(
        lambda: "ok       queue age" in observed.gates(**at_last).stdout, "the queue's gate to pass"
    )
