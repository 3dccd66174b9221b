"""Flower as the fleet runs it: behind a password, remembering, scraped, each task with what it does."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGTERM

import pytest

from esg.cli.programs import fleet_programs
from esg.state import Unit
from tests.fakes import asking
from tests.fakes.fleets import ROOT, Fleet
from tests.servers.server import free_ports

TABLE = "tasks/datatable?draw=1&start=0&length=10&order[0][column]=0&columns[0][data]=name"


@contextmanager
def flower(fleet: Fleet, port: int) -> Iterator[None]:
    """Run it by the table of `esg up`, until it is told to stop."""
    (program,) = (p for p in fleet_programs(fleet.settings, workers=1, whole=True) if p.name == "flower")
    told = dict(program.environment) | {"FLOWER_PORT": str(port), "FLOWER_BASIC_AUTH": "esg:secret-word"}
    arguments = [{"esg": "tests.fakes.faulty"}.get(word, word) for word in program.arguments]
    with (fleet.home / "flower.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, *arguments], env={**fleet.environment, **told}, cwd=ROOT, stdout=log, stderr=log
        )
    try:
        fleet.until(lambda: get(port, "healthcheck")[0] == 200, "flower to answer")
        yield
        process.send_signal(SIGTERM)
        process.wait(30)
    finally:
        process.kill()
        process.wait()


def get(port: int, path: str, password: str = "") -> tuple[int, str]:
    return asking.get(f"http://127.0.0.1:{port}/{path}", f"esg:{password}" if password else "")


@pytest.mark.slow
def test_flower_is_closed_remembers_is_scraped_and_says_what_tasks_do(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    with Fleet(tmp_path) as fleet:
        fleet.start("index")
        with flower(fleet, port):
            for path in ("", "api/tasks", "api/workers", TABLE):
                assert get(port, path)[0] == 401
                assert get(port, path, "wrong")[0] == 401
            fleet.until(
                lambda: "index@" in get(port, "api/workers?refresh=1", "secret-word")[1], "the worker"
            )
            unit = fleet.state.enqueue(Unit("index.probe", "seen", {"source": "seen"}))
            fleet.until_state(unit, "done")
            fleet.until(lambda: unit in get(port, "api/tasks", "secret-word")[1], "the task")
            (row,) = json.loads(get(port, TABLE, "secret-word")[1])["data"]
            assert row["name"] == "index.probe"
            assert row["args"] == "nothing → done: a task whose only content is the fault it meets"
            status, text = get(port, "metrics", "secret-word")
            assert status == 200
            assert 'flower_events_total{task="index.probe"' in text

        with flower(fleet, port):
            assert unit in get(port, "api/tasks", "secret-word")[1], "it remembers"
        lines = (tmp_path / "flower.log").read_text().splitlines()

    assert [line for line in lines if not line.startswith("{")] == []
    assert {json.loads(line)["@timestamp"][-1] for line in lines} == {"Z"}
    assert "secret-word" not in "".join(lines)


def test_every_task_says_what_it_does() -> None:
    """Asked of an application as a worker has it: its docstring is the arrow that Flower shows."""
    code = "from esg.celery import app; app.loader.import_default_modules(); import json; "
    code += "print(json.dumps({n: getattr(t, 'description', '') for n, t in app.tasks.items()}))"
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, env=os.environ
    ).stdout
    ours = {name: words for name, words in json.loads(out).items() if not name.startswith("celery.")}
    assert len(ours) >= 15
    assert not [name for name, words in ours.items() if "→" not in words and name != "control.canary"]
    assert all(ours.values())
