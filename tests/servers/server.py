"""A server of somebody else's, run for tests: on loopback, its data in a folder, killed and started again."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

PATIENCE_SECONDS = 300.0  # a busy machine is slow, not wrong
STOP_SECONDS = 20.0


class Unavailable(Exception):
    """This machine cannot get the server; the message says why."""


@dataclass
class Server:
    """A process group of its own; `is_ready` may raise OSError as long as nobody answers."""

    name: str
    command: Sequence[str]
    folder: Path  # its working directory, with `server.log` in it
    is_ready: Callable[[], bool]
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it, on the ports it had before, and wait until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._wait()

    def stop(self) -> None:
        """End it in order, and with force what has not ended by then."""
        with suppress(subprocess.TimeoutExpired):
            self._end(signal.SIGTERM, STOP_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End it as a power cut does."""
        self._end(signal.SIGKILL)
        self.process = None

    def restart(self) -> None:
        self.kill()
        self.start()

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _end(self, number: signal.Signals, seconds: float | None = None) -> None:
        if self.process is None:
            return
        below = _below(self.process.pid)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        if number is signal.SIGKILL:  # PostgreSQL's have sessions of their own, and hold its memory
            for process in below:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            psutil.wait_procs(below)
        self.process.wait(seconds)

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self._answers():
            if self.process is None or self.process.poll() is not None:
                raise RuntimeError(f"{self.name} ended while it started:\n{self._last_words()}")
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} did not answer in time:\n{self._last_words()}")
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            return self.is_ready()
        except OSError:
            return False

    def _last_words(self) -> str:
        return self.log.read_text("utf-8", "replace")[-3000:]


def _below(pid: int) -> list[psutil.Process]:
    try:
        found: list[psutil.Process] = psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    return found


def free_ports(count: int) -> list[int]:
    """Find ports of loopback that nobody listens on, all different."""
    sockets = [socket.socket() for _ in range(count)]
    for taken in sockets:
        taken.bind(("127.0.0.1", 0))
    ports = [taken.getsockname()[1] for taken in sockets]
    for taken in sockets:
        taken.close()
    return ports


def listens(port: int) -> bool:
    """Whether somebody accepts connections on a port of loopback."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=1)):
        return True
