"""What another process has computed, as Linux counts it: proc(5)."""

import os
from pathlib import Path


def cpu_seconds(pid: int) -> float:
    """utime and stime of a process, without its children; raises OSError for one that has ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
