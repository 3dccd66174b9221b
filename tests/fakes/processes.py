"""Processes as Linux tells of them in /proc."""

import os
import threading
from pathlib import Path


def is_running(pid: int) -> bool:
    """Whether a process is there and has not ended; one that nobody has reaped has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def children_of(pid: int, thread: int = 0) -> set[int]:
    """What a thread of a process has started and not reaped, its first thread if none is named."""
    try:
        return {*map(int, Path(f"/proc/{pid}/task/{thread or pid}/children").read_text().split())}
    except FileNotFoundError:
        return set()


def own_children() -> set[int]:
    """What the thread that asks has started and not reaped."""
    return children_of(os.getpid(), threading.get_native_id())
