"""How many processors this process may use: those it is bound to, and its container's share of time."""

import math
import os
from pathlib import Path

QUOTA = Path("/sys/fs/cgroup/cpu.max")  # of the container, as it sees itself


def processors(quota: Path = QUOTA) -> int:
    """Count them, at least one; a limit of 1.5 counts as two."""
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        granted, period = quota.read_text().split()
    except (OSError, ValueError):
        return bound
    return bound if granted == "max" else max(1, min(bound, math.ceil(int(granted) / int(period))))
