"""The machine that a record was made on, as far as it explains its seconds."""

import os
from importlib.metadata import version
from pathlib import Path
from typing import Any


def processors() -> int:
    """Count the processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def about() -> dict[str, Any]:
    """Name the processor and the release."""
    return {"processor": _processor(), "processors": processors(), "release": version("esg-engine")}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return "unknown"
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown"
    )
