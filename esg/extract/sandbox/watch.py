"""A parser's process → how it ended, with nothing of it left behind."""

import contextlib
import os
import re
import select
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from esg.extract.sandbox.parser import Parser
from esg.extract.sandbox.verdict import Ending

_LOOK_SECONDS = 0.05  # between looks how much memory a parser has taken; each takes 0.15 ms of CPU
_PEAK = re.compile(rb"VmPeak:\s+(\d+) kB")


def watch(parser: Parser, timeout_seconds: float) -> Ending:
    """Wait, then kill the whole process group and reap it, whatever happens here meanwhile.

    It is reaped last, so that its id cannot belong to somebody else yet.
    """
    peak, ended = 0, False
    try:
        peak, ended = _wait(parser.pid, time.monotonic() + timeout_seconds)
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # nobody is left in the group
            os.killpg(parser.pid, signal.SIGKILL)
        exit_code = parser.wait()
    return Ending(exit_code, timed_out=not ended, peak_bytes=peak)


def _wait(pid: int, until: float) -> tuple[int, bool]:
    """Wait for the end of a parser without reaping it; say the most address space it, or one it forked, had.

    The kernel's own account (ru_maxrss) begins with the size of the process that started the child.
    """
    peak = 0
    with contextlib.suppress(ProcessLookupError), _when_over(pid) as over:
        while (left := until - time.monotonic()) > 0:
            peak = max(peak, *map(_peak_bytes, (pid, *_children(pid))))
            if over.poll(1000 * min(left, _LOOK_SECONDS)):
                return peak, True
        return peak, False
    return peak, True  # killed, and reaped by another than us


@contextlib.contextmanager
def _when_over(pid: int) -> Iterator[select.poll]:
    """Give what can be polled, in milliseconds, for the end of a parser (pidfd_open(2))."""
    descriptor = os.pidfd_open(pid)
    try:
        over = select.poll()
        over.register(descriptor, select.POLLIN)
        yield over
    finally:
        os.close(descriptor)


def _children(pid: int) -> list[int]:
    try:
        return [*map(int, Path(f"/proc/{pid}/task/{pid}/children").read_bytes().split())]
    except OSError:  # as above
        return []


def _peak_bytes(pid: int) -> int:
    try:
        found = _PEAK.search(Path(f"/proc/{pid}/status").read_bytes())
    except OSError:  # it has just ended, or this system has no /proc
        return 0
    return int(found[1]) * 1024 if found else 0
