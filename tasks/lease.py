"""The heartbeat of claimed stage runs: holds leases while bodies work, stops a body whose lease is gone."""

import _thread
import logging
import math
import signal
import threading
import time
from contextlib import suppress
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Self

from celery.exceptions import SoftTimeLimitExceeded

from esg.errors import Transient
from esg.state import Claimed, Fence, State

LOOK_SECONDS = 1.0  # how long a body works on that nobody wants any more

log = logging.getLogger(__name__)


class Lease:
    """Hold a lease for the time of a `with` block; `fence` says whether it is still ours."""

    def __init__(self, state: State, claimed: Claimed) -> None:
        self._state = state
        self._claimed = claimed
        self._body = threading.current_thread()
        self._ending = threading.Lock()
        self._is_over = False
        self._beat_seconds = state.policy.lease_seconds / 3
        self._extended = time.monotonic()
        self.fence = Fence.PASSED
        self.due = self._next()

    def __enter__(self) -> Self:
        _keeper.add(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._end()
        except SoftTimeLimitExceeded:  # sent by the keeper while the body came to its end
            self._end()

    def beat(self) -> bool:
        """Extend it three times in its life, and look in between whether anybody still wants it.

        Says whether it is still held. A database that is away for a moment does not end it.
        """
        self.due = self._next()
        is_due = time.monotonic() - self._extended >= self._beat_seconds
        try:
            self.fence = (self._state.heartbeat if is_due else self._state.look)(self._claimed)
        except Transient as error:
            log.warning("The lease could not be looked at: %s", error)
        else:
            self._extended = time.monotonic() if is_due else self._extended
        return self.fence is Fence.PASSED

    def interrupt(self) -> None:
        """Raise SoftTimeLimitExceeded in the body, wanted no more; a thread cannot be interrupted."""
        if self._body is threading.main_thread() and self._ending.acquire(blocking=False):
            if not self._is_over:
                _thread.interrupt_main(signal.SIGUSR1)
            self._ending.release()

    def _end(self) -> None:
        """Once this has returned the body's end is not interrupted any more."""
        _keeper.drop(self)
        with self._ending:
            self._is_over = True

    def _next(self) -> float:
        return time.monotonic() + min(LOOK_SECONDS, self._beat_seconds)


class Keeper:
    """The one thread of a process that looks after its leases: one for each would cost as much as its claim.

    Bodies add and drop without a lock, since a signal may end them at any step; it wakes when the first lease
    is due, and is woken for one that is due before that.
    """

    def __init__(self) -> None:
        self._held: dict[int, Lease] = {}
        self._woken: SimpleQueue[None] = SimpleQueue()
        self._wakes_at = math.inf
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def add(self, lease: Lease) -> None:
        self._held[id(lease)] = lease
        if not self._is_at_work():
            self._start()
        if lease.due < self._wakes_at:
            self._woken.put(None)

    def drop(self, lease: Lease) -> None:
        self._held.pop(id(lease), None)

    def _is_at_work(self) -> bool:
        """Whether its thread runs; in a fork it does not."""
        return self._thread is not None and self._thread.is_alive()

    def _start(self) -> None:
        with self._starting:
            if not self._is_at_work():
                self._thread = threading.Thread(target=self._keep, name="leases", daemon=True)
                self._thread.start()

    def _keep(self) -> None:
        while True:
            self._wait()
            for lease in tuple(self._held.values()):
                if lease.due <= time.monotonic():
                    self._look(lease)

    def _wait(self) -> None:
        """Sleep until the first lease is due, for a second where there is none: its body may be short."""
        self._wakes_at = math.inf  # first: a lease that is added from here on wakes it
        latest = time.monotonic() + LOOK_SECONDS
        self._wakes_at = min((lease.due for lease in tuple(self._held.values())), default=latest)
        with suppress(Empty):
            self._woken.get(timeout=max(0.0, self._wakes_at - time.monotonic()))

    def _look(self, lease: Lease) -> None:
        try:
            is_held = lease.beat()
        except Exception:  # the other leases of this process must be kept
            log.exception("A lease could not be looked at.")
            return
        if not is_held:
            self.drop(lease)
            lease.interrupt()


_keeper = Keeper()
