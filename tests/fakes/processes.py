"""Processes as Linux tells of them in /proc."""

from pathlib import Path

from esg.extract.sandbox.inside import ZYGOTE


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


def threads_of(pid: int) -> list[int]:
    return [int(thread.name) for thread in Path(f"/proc/{pid}/task").iterdir()]


def zygotes_of(pid: int) -> set[int]:
    """What a process has parsers forked by: one, once it has read a document."""
    started = {child for thread in threads_of(pid) for child in children_of(pid, thread)}
    return {child for child in started if _name(child) == ZYGOTE}


def parsers_of(pid: int) -> set[int]:
    """The parsers that are at work for a process."""
    return {parser for zygote in zygotes_of(pid) for parser in children_of(zygote)}


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except FileNotFoundError:
        return ""
