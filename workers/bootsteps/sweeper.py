"""Every worker sweeps: whatever else is down, work that was lost is found as long as one worker lives.

A sweep that finds nothing is two short reads and one look at the broker. Several at once do no harm: each row
is moved by whoever comes first.
"""

import logging
import random
import threading
from typing import Any

from celery import bootsteps

from esg.celery import app
from esg.errors import EsgError
from esg.resources import resources
from esg.settings import Settings
from tasks.dispatch import sweep

log = logging.getLogger(__name__)


class Sweeper(bootsteps.StartStopStep):
    """A thread of the main process."""

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self._is_over = threading.Event()
        self._seconds = Settings().sweep_seconds

    def start(self, worker: Any) -> None:
        del worker
        threading.Thread(target=self._sweep, name="sweeper", daemon=True).start()

    def stop(self, worker: Any) -> None:
        del worker
        self._is_over.set()

    def terminate(self, worker: Any) -> None:
        self.stop(worker)

    def _sweep(self) -> None:
        """Sweep at uneven intervals, so that workers started together do not sweep together."""
        while not self._is_over.wait(self._seconds * random.uniform(0.5, 1.5)):  # noqa: S311  # no secret
            try:
                sweep(app, resources().housekeeping)
            except EsgError as error:
                log.warning("Could not sweep: %s", error)
            except Exception:  # a sweeper that died would be missed by nobody
                log.exception("Could not sweep.")


app.steps["worker"].add(Sweeper)
