"""`python -m api` as a process: its port, its refusals, its log, its end, and that it stays in its home."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from api.__main__ import listen
from esg.settings import Settings
from tests.fakes.serving import upload
from tests.fakes.workshop import ROOT


@contextmanager
def process(home: Path, cwd: Path, **environment: str) -> Iterator["subprocess.Popen[str]"]:
    running = subprocess.Popen(
        [sys.executable, "-m", "api"],
        env=os.environ | {"ESG_HOME": str(home), "PYTHONPATH": str(ROOT)} | environment,
        cwd=cwd,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield running
    finally:
        running.kill()
        running.communicate()


def address(running: "subprocess.Popen[str]") -> str:
    assert running.stderr
    url = json.loads(running.stderr.readline())["message"].split()[-1]
    for _ in range(200):
        try:
            httpx.get(f"{url}/live")
            return url
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("it does not answer")


def test_it_finds_a_port_keeps_it_logs_json_and_ends_on_sigterm(tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    elsewhere.mkdir()
    with process(home, elsewhere) as running:
        url = address(running)
        with httpx.Client(base_url=url) as client:
            upload(client)
            request = client.get("/v1/jobs").headers["x-request-id"]
        running.send_signal(signal.SIGTERM)
        _, log = running.communicate(timeout=20)
        assert running.returncode == -signal.SIGTERM or running.returncode == 0

    lines = [json.loads(line) for line in log.splitlines()]
    mine = next(line for line in lines if line["request_id"] == request)
    assert list(mine)[:6] == ["@timestamp", "level", "logger", "message", "request_id", "trace_id"]
    assert list(mine)[6:] == ["method", "path", "status_code", "duration_ms"]
    assert list(elsewhere.iterdir()) == []
    assert list((home / "tmp").iterdir()) == []

    with process(home, elsewhere) as again:
        assert address(again) == url


def test_its_answers_do_not_wait_for_the_client_to_acknowledge(tmp_path: Path) -> None:
    """Asyncio switches Nagle's algorithm off only where the socket names its protocol: 40 ms an answer."""
    with listen(Settings(home=tmp_path)) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_it_refuses_to_be_public(tmp_path: Path) -> None:
    with process(tmp_path, tmp_path, ESG_API_HOST="0.0.0.0") as running:
        _, said = running.communicate(timeout=60)
        assert running.returncode == 2
        assert "esg keys create NAME" in said
        assert len(said.splitlines()) == 1
