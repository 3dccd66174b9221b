"""The command line against a real fleet of its own: score, score again, the same bytes without a broker."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from esg import broker
from esg.settings import Settings
from tests.fakes.samples import SAMPLE
from tests.fakes.terminal import ESG, environment, esg

FIRST = ("@timestamp", "level", "logger", "message", "request_id", "trace_id")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_a_report_is_scored_once_and_the_same_without_a_broker(home: Path, tmp_path: Path) -> None:
    through = tmp_path / "fleet.json"
    first = esg(home, "score", str(SAMPLE), "--out", str(through), "--json")
    assert [outcome["state"] for outcome in json.loads(first.stdout)] == ["scored"]

    again = esg(home, "score", str(SAMPLE), "--json")
    assert json.loads(again.stdout)[0]["reused"] is True

    alone = tmp_path / "local.json"
    esg(home, "score", "--local", str(SAMPLE), "--out", str(alone))
    assert alone.read_bytes() == through.read_bytes()

    status = json.loads(esg(home, "status", "--json").stdout)
    assert {job["state"] for job in status} == {"scored"}
    card = json.loads(esg(home, "scorecard", "quernlow-bakeries-plc", "--json").stdout)
    assert card == json.loads(through.read_bytes())
    hits = json.loads(esg(home, "search", "energy bills", "-k", "3", "--json").stdout)
    assert len(hits) == 3

    shutil.rmtree(home / "lake" / "index")  # the store is lost, and filled again from the lake
    filled = json.loads(esg(home, "index", "--json").stdout)
    assert (filled["documents"], filled["unread"], filled["vectors"] > 3) == (1, 0, True)
    assert json.loads(esg(home, "search", "energy bills", "-k", "3", "--json").stdout) == hits


def test_what_cannot_be_read_ends_with_a_reason_and_a_code(home: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.pdf").touch()
    (tmp_path / "picture.pdf").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    paths = [str(tmp_path / "empty.pdf"), str(tmp_path / "picture.pdf")]

    ran = esg(home, "score", "--json", *paths, code=1)

    outcomes = json.loads(ran.stdout)
    assert [outcome["state"] for outcome in outcomes] == ["rejected", "rejected"]
    assert all(outcome["reason"] for outcome in outcomes)


def test_up_says_what_runs_restarts_what_dies_and_drains(home: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", ESG, "up", "--json"]
    with subprocess.Popen(
        command, env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as up:
        try:
            assert up.stdout is not None
            told = json.loads("".join(up.stdout.readline() for _ in range(7)))
            assert set(told["urls"]) == {"api", "flower"}

            second = json.loads(esg(home, "up", "--json").stdout)
            assert second["already_running"] is True
            assert second["pid"] == up.pid

            wait_until(lambda: children(up.pid, "workers index"))
            victim = children(up.pid, "workers index")[0]
            os.kill(victim, signal.SIGKILL)
            wait_until(lambda: [c for c in children(up.pid, "workers index") if c != victim])
        finally:
            up.send_signal(signal.SIGINT)
            _, said = up.communicate(timeout=60)
            assert up.returncode == 0, said
    lines = [json.loads(line) for line in said.splitlines()]
    assert [line["message"].partition(" ")[0] for line in lines] == ["The", "index", "Draining:"]
    assert {tuple(line) for line in lines} == {FIRST}
    assert (home / "flower.password").read_text() not in said
    assert not (home / "up.json").exists()
    assert "nothing was running" in esg(home, "down").stderr


def test_doctor_ends_the_broker_it_started_and_no_other(home: Path) -> None:
    assert "embedded Redis" in esg(home, "doctor").stdout
    assert "nothing was running" in esg(home, "down").stderr

    url = broker.ensure(Settings(home=home))
    assert "embedded Redis" in esg(home, "doctor").stdout
    assert broker.answers(url)
    assert "stopped" in esg(home, "down").stderr


def children(parent: int, command: str) -> list[int]:
    """The children of a process whose command line holds `command`."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            ppid = int(status.read_text().rpartition(")")[2].split()[1])
            words = (status.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if ppid == parent and command in words:
            found.append(int(status.parent.name))
    return found


def wait_until(condition: object, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
