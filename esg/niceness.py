"""Who goes first where processors are few: an answer that someone waits for, before work of minutes."""

import os
from contextlib import suppress
from pathlib import Path


def give_way(nice: int) -> None:
    """Let this process and those it starts have a processor after others; `nice` as in nice(1), 0–19."""
    if nice > os.getpriority(os.PRIO_PROCESS, 0):
        os.setpriority(os.PRIO_PROCESS, 0, nice)
    if os.getsid(0) == os.getpid():
        hand_on(os.getpid())


def hand_on(leader: int) -> None:
    """Let a session that we started be as nice as we are.

    Linux shares processors among sessions first ("autogroups", sched(7)), each by a nice value of its own:
    without this a nice process that leads a session takes as much as any other.
    """
    with suppress(OSError):  # a kernel without them, a session that is over
        nice = os.getpriority(os.PRIO_PROCESS, 0)
        Path(f"/proc/{leader}/autogroup").write_text(str(nice))
