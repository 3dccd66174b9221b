"""A parser's process → how it ended, with nothing of it left behind."""

import contextlib
import os
import select
import signal
import subprocess
import sys

from esg.extract.verdict import Ending

_BYTES_PER_UNIT = 1024 if sys.platform == "linux" else 1  # of ru_maxrss


def watch(process: "subprocess.Popen[bytes]", timeout_seconds: float) -> Ending:
    """Wait, then kill the whole process group and reap it, whatever happens here meanwhile.

    The process must lead its own group. It is reaped last, so that its id cannot belong to somebody else yet.
    """
    ended = False
    try:
        ended = _ends_within(process.pid, timeout_seconds)
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # nobody is left in the group
            os.killpg(process.pid, signal.SIGKILL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return Ending(process.returncode, timed_out=not ended, peak_bytes=usage.ru_maxrss * _BYTES_PER_UNIT)


def _ends_within(pid: int, seconds: float) -> bool:
    """Wait for the end of a child without reaping it."""
    descriptor = os.pidfd_open(pid)
    try:
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        return bool(poll.poll(seconds * 1000))
    finally:
        os.close(descriptor)
