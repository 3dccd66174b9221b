"""One process under the supervisor: started, watched, restarted with back-off, stopped."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from esg.interrupts import held_back

BACKOFF_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
STEADY_SECONDS = 30.0  # a process that lived this long starts over at the shortest back-off
PR_SET_PDEATHSIG = 1


def backoff(failures: int) -> float:
    """Return the seconds to wait before the start that follows this many failures in a row."""
    return BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS)) - 1] if failures else 0.0


@dataclass(frozen=True, slots=True)
class Program:
    """What to run: `name` is unique in the fleet and names the log file."""

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    url: str = ""


@dataclass(slots=True)
class Child:
    """A running (or soon to be running) program; `tick` is called about once a second."""

    program: Program
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    restarts: int = 0
    failures: int = 0
    due: float = 0.0

    def start(self) -> None:
        with self.log.open("ab") as log, held_back():
            self.process = subprocess.Popen(  # noqa: S603  # nosec B603  # our own modules by sys.executable, no shell
                [sys.executable, *self.program.arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.program.environment},
                start_new_session=True,  # Ctrl-C reaches the supervisor alone, which then drains
                preexec_fn=_die_with_parent,
            )
        self.started = time.monotonic()

    def tick(self) -> str:
        """Start or restart what should run; return "" or what there is to tell."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self.start()
            return ""
        code = self.process.poll()
        if code is None:
            return ""
        self.failures = 1 if now - self.started > STEADY_SECONDS else self.failures + 1
        self.restarts += 1
        self.process = None
        self.due = now + backoff(self.failures)
        return (
            f"{self.program.name} ended ({ending(code)}); restart in {backoff(self.failures):g} s, "
            f"its log: {self.log}"
        )

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def terminate(self) -> None:
        """Ask it to finish or give back its task."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it and whatever it started, at once."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.process.wait()


def ending(code: int) -> str:
    """Say how a process ended: its exit code or the signal's name."""
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


def _die_with_parent() -> None:
    """Have the kernel stop the child when the supervisor is killed (Linux; elsewhere it lives on)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
