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
from esg.state import State
from tasks.dispatch import sweep

log = logging.getLogger(__name__)


class Sweeper(bootsteps.StartStopStep):
    """A thread of the main process."""

    has_reconnected = threading.Event()

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
        while not self._is_over.wait(self._seconds * random.uniform(0.5, 1.5)):  # noqa: S311  # nosec B311  # no secret
            try:
                self._sweep_once(resources().housekeeping)
            except EsgError as error:
                log.warning("Could not sweep: %s", error)
            except Exception:  # a sweeper that died would be missed by nobody
                log.exception("Could not sweep.")

    def _sweep_once(self, state: State) -> None:
        """After a reconnection send every hint again: a broker that died may have lost its last second."""
        if self.has_reconnected.is_set():
            self.has_reconnected.clear()
            state.hint_everything()
        sweep(app, state)


class Reconnected(bootsteps.StartStopStep):
    """Tells the sweeper of each connection but the first: this step of the consumer starts anew with each."""

    requires = ("celery.worker.consumer.connection:Connection",)

    def __init__(self, consumer: Any, **options: Any) -> None:
        super().__init__(consumer, **options)
        self._is_first = True

    def start(self, consumer: Any) -> None:
        del consumer
        if not self._is_first:
            Sweeper.has_reconnected.set()
        self._is_first = False


app.steps["worker"].add(Sweeper)
app.steps["consumer"].add(Reconnected)
