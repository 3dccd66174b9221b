"""Processors that busy threads share equally, as Linux shares them: a resource of the simulation.

simpy's own Resource serves one after the other; here all are served at once, each at the same rate.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import simpy

_NOTHING = 1e-9  # processor seconds that are no work any more


@dataclass(slots=True)
class _Job:
    left: float  # seconds of each of its threads
    threads: int
    done: simpy.Event


class Processors:
    """`count` processors; a thread runs at min(1, count / busy threads), which are never more than `most`."""

    def __init__(self, environment: simpy.Environment, count: int, *, most: int) -> None:
        self._environment = environment
        self._count = count
        self._is_roomy = most <= count  # nobody ever waits, so nothing need be shared
        self._jobs: list[_Job] = []
        self._looked = 0.0
        self._alarm: simpy.Event | None = None
        self.busy_seconds = 0.0  # processor seconds given out so far

    def work(self, seconds: float, threads: int = 1) -> simpy.Event:
        """Do work of so many processor seconds by so many threads; the event is its end."""
        if self._is_roomy:
            self.busy_seconds += seconds
            return self._environment.timeout(seconds / threads)
        self._pass()
        job = _Job(seconds / threads, threads, self._environment.event())
        self._jobs.append(job)
        self._plan()
        return job.done

    @property
    def _rate(self) -> float:
        threads = sum(job.threads for job in self._jobs)
        return min(1.0, self._count / threads) if threads else 1.0

    def _pass(self) -> None:
        """Do the work of the time since somebody looked."""
        elapsed = (self._environment.now - self._looked) * self._rate
        self._looked = self._environment.now
        for job in self._jobs:
            job.left -= elapsed
            self.busy_seconds += elapsed * job.threads

    def _plan(self) -> None:
        """Wake up when the next job ends; an older alarm finds that it is none any more."""
        for job in [job for job in self._jobs if job.left <= _NOTHING]:
            self._jobs.remove(job)
            job.done.succeed()
        self._alarm = None
        if self._jobs:
            next_end = min(job.left for job in self._jobs) / self._rate
            self._alarm = self._environment.process(self._ring(next_end))

    def _ring(self, seconds: float) -> Generator[simpy.Event, Any, None]:
        me = self._environment.active_process
        yield self._environment.timeout(seconds)
        if self._alarm is me:
            self._pass()
            self._plan()
