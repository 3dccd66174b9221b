"""`python -m workers.probe`: a process that lives and does not work fails its health check."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from signal import SIGCONT, SIGSTOP

import pytest

from tests.fakes.fleets import ROOT, Fleet
from tests.servers import redis
from tests.servers.server import Server
from workers.presence import Presence
from workers.probe import look


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[tuple[Server, str]]:
    """A broker that is given: no worker starts another when it is gone."""
    made, url = redis.server(tmp_path / "redis")
    with made:
        yield made, url


def probe(fleet: Fleet, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "workers.probe", *arguments]
    return subprocess.run(command, env=fleet.environment, cwd=ROOT, capture_output=True, text=True)


@pytest.mark.slow
def test_a_worker_and_beat_that_are_stopped_or_have_lost_their_broker_fail(
    broker: tuple[Server, str], tmp_path: Path
) -> None:
    server, url = broker
    with Fleet(tmp_path / "home", ESG_BROKER_URL=url) as fleet:
        home = fleet.home
        assert probe(fleet, "index").returncode == 1, "before there is any"
        fleet.start("index", "beat")
        fleet.until(lambda: not look(home, "beat"), "beat to have sent something")
        for role in ("index", "beat"):
            passed = probe(fleet, role)
            assert (passed.returncode, passed.stderr) == (0, "")
        assert "No process of score" in look(home, "score")

        for role in ("index", "beat"):
            fleet.workers[role].send(SIGSTOP)
        fleet.until(lambda: look(home, "index") and look(home, "beat"), "both to be late")
        failed = probe(fleet, "index")
        assert failed.returncode == 1
        assert "does not take messages" in failed.stderr
        assert "does not turn" in look(home, "beat")
        for role in ("index", "beat"):
            fleet.workers[role].send(SIGCONT)
        fleet.until(lambda: not look(home, "index") and not look(home, "beat"), "both to be well again")

        fleet.app().control.cancel_consumer("index")
        fleet.until(
            lambda: look(home, "index", is_live_enough=True), "a worker that was told to take nothing"
        )
        fleet.app().control.add_consumer("index")
        fleet.until(lambda: not look(home, "index"), "the worker to take messages again")

        server.kill()
        fleet.until(lambda: "does not take messages" in look(home, "index"), "the worker to miss its broker")
        fleet.until(lambda: "sends nothing" in look(home, "beat"), "beat to miss its broker")
        assert all(worker.is_running for worker in fleet.workers.values()), "alive, to their supervisor"


def test_what_a_dead_process_left_behind_is_no_process(tmp_path: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    presence = Presence(tmp_path, "index-1")
    presence.begin()
    presence.describe("index")
    presence.touch("alive")
    about = presence.folder / "process"
    assert look(tmp_path, "index", is_live_enough=True) == ""
    assert "children that are not ready (since it started)" in look(tmp_path, "index")

    about.write_text(about.read_text().replace(str(os.getpid()), str(ended.pid)))
    assert "No process of index runs here" in look(tmp_path, "index")
