"""hostile bytes → result bytes, computed in a process of its own that may die.

Its limits are its own. Bytes go in and come out through unlinked files, so that neither side waits for the
other's pipe. How it is started is in `parser`, what happens inside in `inside`.
"""

import json
import logging
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

from esg.errors import Unavailable
from esg.extract.base import ParseLimits
from esg.extract.sandbox import verdict
from esg.extract.sandbox.inside import DISK_FULL, REJECTED, as_rejected
from esg.extract.sandbox.parser import start
from esg.extract.sandbox.watch import watch

_LOG = logging.getLogger(__name__)
_STDERR_TAIL_BYTES = 4000
MAX_OUTPUT_BYTES = 1024**3


def run(
    entry: str,
    data: bytes,
    arguments: Mapping[str, Any],
    *,
    limits: ParseLimits,
    import_from: Sequence[Path] = (),
    max_output_bytes: int = MAX_OUTPUT_BYTES,
    modules: Sequence[str] = (),
    is_for_team: bool = False,
) -> bytes:
    """Call `entry` ("module:function", taking the bytes and the arguments) in a sandbox; return its bytes.

    `modules` are loaded once for all that this process has read. One that takes a `team` is called by
    `limits.processes` of its members.

    Raises the `Rejected` that the function raised, or one that says how its process died: `parser_timeout`,
    `parser_memory`, `parser_output`, `parser_crashed`, `parser_failed`; `Transient` when
    somebody else killed it; `Unavailable` on a full disk, or where no process can be started.
    """
    order = {
        "entry": entry,
        "arguments": dict(arguments),
        "path": [*map(str, import_from)],
        "memory_bytes": limits.memory_bytes,
        "cpu_seconds": limits.timeout_seconds,
        "output_bytes": max_output_bytes,
        "processes": limits.processes if is_for_team else 0,
    }
    with ExitStack() as files:
        with _on_disk():
            # Without buffers, which a file that is closed would try to write once more.
            inbox, outbox, log = (files.enter_context(tempfile.TemporaryFile(buffering=0)) for _ in range(3))
            _write(inbox, json.dumps(order).encode() + b"\n")
            _write(inbox, data)
            inbox.seek(0)
        parser = start(inbox, outbox, log, modules=modules)
        ending = watch(parser, limits.timeout_seconds)
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
