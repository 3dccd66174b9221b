"""The files of an order → a parser at work, forked from a process that has its code loaded.

To start an interpreter and load NumPy, Arrow and PDFium takes longer than a short report does, so that is
done once for all that this process sends (`zygote`). That is a fresh interpreter, not a fork of this process:
it works in Celery's daemonic children and beside threads, and no open connection is inherited.
"""

import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import IO, Any

from esg.errors import Transient, Unavailable
from esg.extract.sandbox.zygote import MOST_BYTES
from esg.niceness import hand_on

PATIENCE_SECONDS = 120.0  # for an answer: a busy machine loads slowly
_PROGRAM = Path(__file__).with_name("zygote.py")
_HOUSE = Path(__file__).parents[3]
_STDERR_TAIL_BYTES = 4000
_PYTHON = ("-s", "-S", "-P", "-B", "-X", "utf8")  # no site, no path but the one it is told, nothing written
_ENVIRONMENT = {  # all of it: nothing of the worker's is handed on
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",  # the same bytes give the same pages, even where a parser walks through a set
    # One thread a parse: the fleet is parallel by documents, and idle thread pools eat address space.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",  # of a pool that is not used
}


class Parser:
    """A process that reads one document; it leads a process group, and must be reaped by `wait`."""

    def __init__(self, zygote: "_Zygote", pid: int) -> None:
        self.pid = pid
        self._zygote = zygote

    def wait(self) -> int:
        """Wait for its end; returns its exit code, minus the signal's number where a signal ended it."""
        try:
            told = self._zygote.ask({"reap": self.pid})
        except _Gone:  # which took it along
            return -signal.SIGKILL
        spent.add(told["cpu_seconds"], told["peak_kib"])
        return int(told["code"])


class Spent:
    """What the parsers of this process have taken that are over, those that they forked among them."""

    def __init__(self) -> None:
        self.cpu_seconds = 0.0
        self.peak_kib = 0  # resident, of the largest
        self._lock = Lock()

    def add(self, cpu_seconds: float, peak_kib: int) -> None:
        with self._lock:
            self.cpu_seconds += cpu_seconds
            self.peak_kib = max(self.peak_kib, peak_kib)


spent = Spent()


def start(inbox: IO[bytes], outbox: IO[bytes], log: IO[bytes], *, modules: Sequence[str]) -> Parser:
    """Start a parser on its input, result and log; `modules` is what it needs to have loaded.

    Raises `Unavailable` where no process can be started, `Transient` when somebody kills what starts them.
    """
    files = [file.fileno() for file in (inbox, outbox, log)]
    for _ in range(2):
        zygote = _zygotes.of_this_process()
        with contextlib.suppress(_Gone):
            told = zygote.ask({"modules": [*modules]}, files)
            if "error" in told:
                raise _no_process(told["error"])
            return Parser(zygote, told["pid"])
        _zygotes.drop(zygote)
    raise Transient(
        f"What starts parsers ended: {zygote.last_words or 'killed, it seems'}.",
        next_step="Give the worker more memory; look who kills its processes.",
    )


def _no_process(why: str | None) -> Unavailable:
    return Unavailable(
        f"No parser can be started: {why}.",
        next_step="Check the limits of processes and memory (ulimit -u, a container's pids and memory).",
    )


class _Gone(Exception):
    """There is no answer to be had."""


class _Zygote:
    """A process that forks parsers, as seen by the one that it does so for."""

    def __init__(self) -> None:
        self.last_words = ""  # the last line that it had printed when it was ended: the error that it died of
        self._lock, self._ending = Lock(), Lock()
        self._log = os.fdopen(os.memfd_create("zygote"), "rb", buffering=0)  # needs no disk
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = self._started(theirs.fileno())
        hand_on(self._process.pid)
        self._control.settimeout(PATIENCE_SECONDS)
        path = [str(_HOUSE), *(place for place in sys.path if place)]
        with contextlib.suppress(OSError):  # who asks is told
            self._control.send(json.dumps(path).encode())

    def _started(self, control: int) -> "subprocess.Popen[bytes]":
        try:
            return subprocess.Popen(  # noqa: S603  # nosec B603  # our own program, by the interpreter that runs
                [sys.executable, *_PYTHON, str(_PROGRAM), str(control), str(os.getpid())],
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                env=_ENVIRONMENT,
                cwd="/",
                pass_fds=[control],
                start_new_session=True,  # a terminal's interrupt is for who waits
            )
        except OSError as error:
            raise _no_process(error.strerror) from error

    def ask(self, order: dict[str, Any], files: Sequence[int] = ()) -> dict[str, Any]:
        """Order something, a few milliseconds' work; raises `_Gone` once nobody answers."""
        with self._lock:
            answer = b""
            with contextlib.suppress(OSError):
                socket.send_fds(self._control, [json.dumps(order).encode()], files)
                answer = self._control.recv(MOST_BYTES)
            if not answer:
                self._control.close()  # a late answer would be taken for the next one's
                raise _Gone
        return dict(json.loads(answer))

    def end(self) -> None:
        """End it, and with it its parsers."""
        with self._ending:
            if self._log.closed:
                return
            self._control.close()
            self._process.kill()
            self._process.wait()
            self.last_words = self._printed()
            self._log.close()

    def forget(self) -> None:
        """Leave it alone, in a fork of the process that it works for."""
        self._control.close()
        self._log.close()
        self._process.returncode = 0  # nobody to wait for

    def _printed(self) -> str:
        self._log.seek(max(0, self._log.seek(0, os.SEEK_END) - _STDERR_TAIL_BYTES))
        return (self._log.read().decode("utf-8", "replace").splitlines() or [""])[-1]


class _Zygotes:
    """The one of this process, started when it is first needed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._one: _Zygote | None = None

    def of_this_process(self) -> _Zygote:
        with self._lock:
            self._one = self._one or _Zygote()
            return self._one

    def drop(self, zygote: _Zygote) -> None:
        """Have another one started where it does not answer."""
        with self._lock:
            if self._one is zygote:
                self._one = None
        zygote.end()

    def end(self) -> None:
        with self._lock:
            one, self._one = self._one, None
        if one is not None:
            one.end()

    def forked(self) -> None:
        self._lock = Lock()
        if self._one is not None:
            self._one.forget()
            self._one = None


_zygotes = _Zygotes()
os.register_at_fork(after_in_child=_zygotes.forked)


@atexit.register
def end() -> None:
    """End what parsers are forked from. It ends with this process, too, but then others must reap it."""
    _zygotes.end()
