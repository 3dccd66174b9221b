"""The heartbeat of a claimed stage run: holds its lease while the body works, stops it if that is gone."""

import _thread
import logging
import signal
import threading
import time
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
        self._is_over = threading.Event()
        self._body = threading.current_thread()
        self._thread = threading.Thread(target=self._beat, name=f"lease-{claimed.id[:8]}", daemon=True)
        self.fence = Fence.PASSED

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        try:
            self._thread.join()
        except SoftTimeLimitExceeded:  # sent by _beat while the body came to its end
            self._thread.join()

    def _beat(self) -> None:
        """Extend the lease three times in its life, and look in between whether anybody still wants it.

        A database that is away for a moment does not end it.
        """
        beat_seconds = self._state.policy.lease_seconds / 3
        extended = time.monotonic()
        while not self._is_over.wait(min(LOOK_SECONDS, beat_seconds)):
            is_due = time.monotonic() - extended >= beat_seconds
            try:
                self.fence = (self._state.heartbeat if is_due else self._state.look)(self._claimed)
            except Transient as error:
                log.warning("The lease could not be looked at: %s", error)
                continue
            if self.fence is not Fence.PASSED:
                self._interrupt()
                return
            extended = time.monotonic() if is_due else extended

    def _interrupt(self) -> None:
        """Raise SoftTimeLimitExceeded in the body, wanted no more; a thread cannot be interrupted."""
        if self._body is threading.main_thread() and not self._is_over.is_set():
            _thread.interrupt_main(signal.SIGUSR1)
