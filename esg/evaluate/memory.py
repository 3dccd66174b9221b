"""The memory of this process, as Linux counts it: proc(5).

`getrusage` would not do: its ru_maxrss begins with the size of the process that started this one.
"""

from pathlib import Path

MIB = 1024 * 1024
_KIB_OF_MIB = 1024


def resident_mib() -> float:
    """What it has now."""
    return _status("VmRSS")


def peak_mib() -> float:
    """The most that it ever had."""
    return _status("VmHWM")


def _status(key: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    found = next(line for line in lines if line.startswith(f"{key}:"))
    return int(found.split()[1]) / _KIB_OF_MIB
