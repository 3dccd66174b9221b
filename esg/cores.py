"""How many processors this process may use."""

import math
import os
from contextlib import suppress
from pathlib import Path


def cores(cgroup: Path = Path("/sys/fs/cgroup")) -> int:
    """Count the processors there are for this process: a container may use fewer than its machine has."""
    seen = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with suppress(OSError, ValueError):
        quota, period = (cgroup / "cpu.max").read_text().split()  # cgroup v2: "max" or microseconds
        if quota != "max":
            return max(1, min(seen, math.ceil(int(quota) / int(period))))
    return seen
