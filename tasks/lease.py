"""The heartbeat of a claimed stage run: holds its lease while the body works, stops it if that is gone."""

import _thread
import logging
import signal
import threading
from types import TracebackType
from typing import Self

from celery.exceptions import SoftTimeLimitExceeded

from esg.errors import Transient
from esg.state import Claimed, Fence, State

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
        """Extend the lease three times in its life; a database that is away for a moment does not end it."""
        while not self._is_over.wait(self._state.policy.lease_seconds / 3):
            try:
                self.fence = self._state.heartbeat(self._claimed)
            except Transient as error:
                log.warning("The lease could not be extended: %s", error)
                continue
            if self.fence is not Fence.PASSED:
                self._interrupt()
                return

    def _interrupt(self) -> None:
        """Raise SoftTimeLimitExceeded in the body, wanted no more; a thread cannot be interrupted."""
        if self._body is threading.main_thread() and not self._is_over.is_set():
            _thread.interrupt_main(signal.SIGUSR1)
