"""The processes of a bench end with it; one that does not is killed with its children, and named."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from esg.evaluate.bench.contender import Unavailable
from esg.evaluate.bench.fleet import end

STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
time.sleep(600)
"""

MEASURING = """
import time
from esg.cli.bench_told import measuring
with measuring():
    try:
        print("begun", flush=True)
        time.sleep(600)
    finally:
        print("cleared up", flush=True)
"""


def _started(code: str) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)


def test_a_process_that_is_asked_to_end_has_ended() -> None:
    process = _started("import time; time.sleep(600)")

    end(process, "embed")

    assert process.returncode is not None


def test_one_that_does_not_end_is_killed_with_its_children_and_named() -> None:
    process = _started(STUBBORN)
    child = int(process.stdout.readline()) if process.stdout else 0

    with pytest.raises(Unavailable, match=rf"embed \(process {process.pid}\) did not end within 0.2 s"):
        end(process, "embed", seconds=0.2)

    assert process.returncode is not None
    assert _is_gone(child)


def test_a_bench_that_is_told_to_end_clears_up_first() -> None:
    process = _started(MEASURING)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"

    process.terminate()

    assert process.communicate(timeout=60)[0] == "cleared up\n"
    assert process.returncode != 0


def _is_gone(pid: int) -> bool:
    """Whether a process that was killed has ended, be it not reaped yet."""
    for _ in range(500):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
            os.kill(pid, 0)
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.01)
    return False
