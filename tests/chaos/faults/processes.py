"""Processes die, stand still, are replaced."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from random import Random

import psutil

from tests.chaos.arena import Arena, tree

PATIENCE_SECONDS = 120.0


@contextmanager
def kill_child(arena: Arena, random: Random) -> Iterator[None]:
    """kill -9 of one process below a worker: a pool's child, a sandbox, a tracker of resources."""
    below = [process for worker in arena.workers for process in tree(worker.process.pid)[1:]]
    if below:
        _kill(random.choice(below).pid)
    yield


@contextmanager
def kill_worker(arena: Arena, random: Random) -> Iterator[None]:
    """kill -9 of a worker's main process: its children find themselves alone."""
    _kill(random.choice(arena.workers).process.pid)
    yield


@contextmanager
def kill_machine(arena: Arena, random: Random) -> Iterator[None]:
    """kill -9 of a worker with all that is below it, as when its container is out of memory."""
    leader = random.choice(arena.workers).process.pid
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)
    yield


@contextmanager
def freeze_worker(arena: Arena, random: Random) -> Iterator[None]:
    """SIGSTOP of a worker and its children, wherever they are, for longer than a lease; then SIGCONT."""
    frozen = tree(random.choice(arena.workers).process.pid)
    for process in frozen:
        with suppress(psutil.NoSuchProcess):
            process.suspend()
    try:
        yield
    finally:
        for process in frozen:
            with suppress(psutil.NoSuchProcess):
                process.resume()


@contextmanager
def restart_all(arena: Arena, random: Random) -> Iterator[None]:
    """A new release: every process is told to end, and started again when it has, one after the other."""
    names = list(arena.fleet.workers)
    random.shuffle(names)
    for name in names:
        worker = arena.fleet.workers[name]
        old = worker.process
        with suppress(ProcessLookupError):
            old.send_signal(signal.SIGTERM)
            old.send_signal(signal.SIGCONT)  # one that is frozen ends, too
        arena.fleet.until(
            lambda worker=worker, old=old: worker.process is not old,  # type: ignore[misc]
            f"{name} to end and to be started again",
            PATIENCE_SECONDS,
        )
    yield


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
