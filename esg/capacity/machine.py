"""The machine that a record was made on, as far as it explains its seconds."""

from importlib.metadata import version
from pathlib import Path
from typing import Any

from esg.cores import cores


def about() -> dict[str, Any]:
    """Name the processor and the release."""
    return {"processor": _processor(), "processors": cores(), "release": version("esg-engine")}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return "unknown"
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown"
    )
