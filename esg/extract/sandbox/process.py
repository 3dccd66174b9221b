"""hostile bytes → result bytes, computed in a process of its own that may die.

A fresh interpreter, not a fork: it works in Celery's daemonic children and beside threads, inherits no open
connection, and its limits are its own. Bytes go in and come out through unlinked files, so that neither side
waits for the other's pipe. What happens inside is in `inside`.
"""

import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

from esg.errors import Unavailable
from esg.extract.base import ParseLimits
from esg.extract.sandbox import verdict
from esg.extract.sandbox.inside import DISK_FULL, REJECTED, as_rejected
from esg.extract.sandbox.watch import watch
from esg.niceness import hand_on

_LOG = logging.getLogger(__name__)
_PROGRAM = Path(__file__).with_name("inside.py")
_HOUSE = Path(__file__).parents[3]
_STDERR_TAIL_BYTES = 4000
MAX_OUTPUT_BYTES = 1024**3
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
}


def run(
    entry: str,
    data: bytes,
    arguments: Mapping[str, Any],
    *,
    limits: ParseLimits,
    import_from: Sequence[Path] = (),
    max_output_bytes: int = MAX_OUTPUT_BYTES,
    shared_modules: Sequence[str] | None = None,
) -> bytes:
    """Call `entry` ("module:function", taking the bytes and the arguments) in a sandbox; return its bytes.

    One that takes a `team` says what its members load (`shared_modules`), and is called by
    `limits.processes` of them.

    Raises the `Rejected` that the function raised, or one that says how its process died: `parser_timeout`,
    `parser_memory`, `parser_output`, `parser_crashed`, `parser_failed`; `Transient` when
    somebody else killed it; `Unavailable` on a full disk.
    """
    order = {
        "entry": entry,
        "arguments": dict(arguments),
        "path": [*map(str, import_from), str(_HOUSE), *(place for place in sys.path if place)],
        "memory_bytes": limits.memory_bytes,
        "cpu_seconds": limits.timeout_seconds,
        "output_bytes": max_output_bytes,
        "parent": os.getpid(),
        "processes": 0 if shared_modules is None else limits.processes,
        "shared_modules": shared_modules,
    }
    with ExitStack() as files:
        with _on_disk():
            # Without buffers, which a file that is closed would try to write once more.
            inbox, outbox, log = (files.enter_context(tempfile.TemporaryFile(buffering=0)) for _ in range(3))
            _write(inbox, json.dumps(order).encode() + b"\n")
            _write(inbox, data)
            inbox.seek(0)
        process = _start(inbox, outbox, log)
        hand_on(process.pid)
        ending = watch(process, limits.timeout_seconds)
        outbox.seek(0)
        return _result(ending, limits, outbox.read(), _tail(log))


def _write(file: IO[bytes], data: bytes) -> None:
    """Write all; what has no buffer takes as much as there is room for, and raises when there is none."""
    left = memoryview(data)
    while left:
        left = left[file.write(left) :]


@contextmanager
def _on_disk() -> Iterator[None]:
    """No document is to blame for a disk that is full; tempfile tells it as a missing folder."""
    try:
        yield
    except OSError as error:
        raise _no_space(error.strerror or str(error)) from error


def _no_space(why: str) -> Unavailable:
    return Unavailable(
        f"No temporary file can be written: {why}.",
        next_step="Check that TMPDIR, or /tmp, has space and may be written.",
    )


def _start(inbox: IO[bytes], outbox: IO[bytes], log: IO[bytes]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603  # nosec B603  # our own program, by the interpreter that runs
        [sys.executable, *_PYTHON, str(_PROGRAM)],
        stdin=inbox,
        stdout=outbox,
        stderr=log,
        env=_ENVIRONMENT,
        cwd="/",
        close_fds=True,
        start_new_session=True,  # its own process group, so that all of it can be killed
    )


def _result(ending: verdict.Ending, limits: ParseLimits, output: bytes, log: bytes) -> bytes:
    if ending.exit_code == 0 and not ending.timed_out:
        return output
    if ending.exit_code == REJECTED and not ending.timed_out:
        raise as_rejected(output)
    if ending.exit_code == DISK_FULL and not ending.timed_out:
        raise _no_space("No space left on device")
    _LOG.warning("a parser ended with %s: %s", ending, log.decode("utf-8", "replace"))
    raise verdict.reason(ending, limits)


def _tail(log: IO[bytes]) -> bytes:
    log.seek(0, os.SEEK_END)
    log.seek(max(0, log.tell() - _STDERR_TAIL_BYTES))
    return log.read()
