"""What a worker's main process does when a child dies over a task: end its lease at once."""

import logging
import threading
from typing import Any

from billiard.exceptions import WorkerLostError
from celery.worker.request import Request

from esg.errors import EsgError
from esg.resources import resources
from tasks.base import owner
from tasks.dispatch import sweep

log = logging.getLogger(__name__)


class StageRequest(Request):
    """A received message of a StageTask."""

    def on_failure(self, exc_info: Any, send_failed_event: bool = True, return_ok: bool = False) -> Any:
        """Hear of a task that ended badly: by an exception, or because its process is no more."""
        if isinstance(exc_info.exception, WorkerLostError | SystemExit):
            self._bury()
        return super().on_failure(exc_info, send_failed_event, return_ok)

    def on_timeout(self, soft: bool, timeout: float) -> None:
        """Hear of a time limit; at the hard one the child is killed."""
        super().on_timeout(soft, timeout)
        if not soft:
            self._bury()

    def _bury(self) -> None:
        """Free the stage run in the background: the main process must go on talking to the broker."""
        unit = self.kwargs.get("unit")
        if unit and self.worker_pid:
            holder = owner(self.hostname, int(self.worker_pid))
            threading.Thread(target=_expire, args=(self.app, unit, holder), daemon=True).start()


def _expire(app: Any, unit: str, holder: str) -> None:
    state = resources().housekeeping
    try:
        if state.expire(unit, holder):
            log.warning("A process died over a task.", extra={"task_id": unit, "outcome": "lost"})
            sweep(app, state)
    except EsgError as error:
        log.warning("The lease runs out by itself: %s", error)
