"""A parser's process → how it ended, with nothing of it left behind."""

import contextlib
import os
import re
import signal
import subprocess
import time
from pathlib import Path

from esg.extract.sandbox.verdict import Ending

_LOOK_SECONDS = 0.01  # between looks whether a parser has ended, and how much memory it has taken
_PEAK = re.compile(rb"VmPeak:\s+(\d+) kB")


def watch(process: "subprocess.Popen[bytes]", timeout_seconds: float) -> Ending:
    """Wait, then kill the whole process group and reap it, whatever happens here meanwhile.

    The process must lead its own group. It is reaped last, so that its id cannot belong to somebody else yet.
    """
    peak, ended = 0, False
    try:
        peak, ended = _wait(process.pid, time.monotonic() + timeout_seconds)
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # nobody is left in the group
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return Ending(process.returncode, timed_out=not ended, peak_bytes=peak)


def _wait(pid: int, until: float) -> tuple[int, bool]:
    """Wait for the end of a child without reaping it; say the most address space it, or one it forked, had.

    The kernel's own account (ru_maxrss) begins with the size of the process that started the child.
    """
    peak = 0
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
        left = until - time.monotonic()
        if left <= 0:
            return peak, False
        peak = max(peak, *map(_peak_bytes, (pid, *_children(pid))))
        time.sleep(min(left, _LOOK_SECONDS))
    return peak, True


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
