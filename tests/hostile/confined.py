"""A document through the sandbox itself, and what is left of that: nothing may be."""

import os
import time
from dataclasses import replace
from pathlib import Path

from esg.errors import Rejected
from esg.extract import extract, sandbox
from esg.extract.base import ParseLimits
from esg.fetch import from_bytes
from tests.fakes.processes import parsers_of
from tests.hostile.answer import Answer
from tests.hostile.reading import LIMITS

GRACE_SECONDS = 10.0  # a busy machine is slow to start and to kill
SMALL = replace(LIMITS, timeout_seconds=10.0, memory_bytes=1024**3)


def confined(data: bytes, *, limits: ParseLimits = SMALL) -> Answer:
    """Extract as a worker does; AssertionError where a limit did not hold or something was left behind."""
    sandbox.run("builtins:bytes", b"", {}, limits=limits)  # from here on what forks the parsers is there
    before, began = _left(), time.monotonic()
    try:
        extract(from_bytes(data, name="report"), limits=limits)
        answer = "pages"
    except Rejected as reason:
        answer = reason.code
    seconds = time.monotonic() - began
    if seconds > limits.timeout_seconds + GRACE_SECONDS:
        raise AssertionError(f"the sandbox outlived its {limits.timeout_seconds} seconds: {seconds:.0f}")
    if (left := _left()) != before:
        raise AssertionError(f"the sandbox left something: {before} → {left}")
    return answer


def _left() -> tuple[int, set[int]]:
    """Count this process's open files, and name its parsers."""
    return len(list(Path("/proc/self/fd").iterdir())), parsers_of(os.getpid())
