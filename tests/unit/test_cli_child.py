"""One supervised process: how long to wait, what to say, that it is restarted and stopped."""

import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from esg.cli.child import BACKOFF_SECONDS, Child, Program, backoff, ending


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0.0), (1, BACKOFF_SECONDS[0]), (3, BACKOFF_SECONDS[2]), (99, BACKOFF_SECONDS[-1])],
)
def test_back_off_grows_to_its_limit(failures: int, seconds: float) -> None:
    assert backoff(failures) == seconds


@pytest.mark.parametrize(("code", "said"), [(0, "exit code 0"), (3, "exit code 3"), (-9, "SIGKILL")])
def test_an_ending_is_named(code: int, said: str) -> None:
    assert ending(code) == said


def test_a_child_that_ends_is_restarted_after_its_back_off(tmp_path: Path) -> None:
    child = Child(Program("brief", ("-c", "raise SystemExit(3)")), tmp_path / "brief.log")
    child.start()
    assert child.process is not None
    child.process.wait()

    told = child.tick()
    assert "exit code 3" in told
    assert not child.is_running()
    assert child.restarts == 1

    child.due = time.monotonic()
    child.tick()
    assert child.process is not None
    child.process.wait()


def test_terminate_asks_and_kill_ends(tmp_path: Path) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    stubborn = f"{deaf}; print(1, flush=True); time.sleep(60)"
    child = Child(Program("stubborn", ("-c", stubborn)), tmp_path / "stubborn.log")
    child.start()
    deadline = time.monotonic() + 10
    while not (tmp_path / "stubborn.log").read_bytes() and time.monotonic() < deadline:
        time.sleep(0.01)

    child.terminate()
    assert child.is_running()
    child.kill()
    assert child.process is not None
    assert child.process.returncode == -signal.SIGKILL


def test_an_interrupt_at_its_start_leaves_no_process_without_a_handle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C used to come between fork and handle: the fleet drained without it, and it started a broker."""
    started: list[int] = []

    class InterruptedAtOnce(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            started.append(self.pid)
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(subprocess, "Popen", InterruptedAtOnce)
    child = Child(Program("sleeper", ("-c", "import time; time.sleep(60)")), tmp_path / "sleeper.log")
    with pytest.raises(KeyboardInterrupt):
        child.start()

    assert child.process is not None
    assert [child.process.pid] == started
    child.kill()
    assert not child.is_running()
