"""Files a probe looks at: `alive` while it is connected and its loop turns, `ready` when its children are."""

from typing import Any

from celery import bootsteps

from esg.celery import app
from esg.settings import Settings
from workers.presence import Presence

EVERY_SECONDS = 2.0
STARTING_SECONDS = 0.1  # between two looks until its children are ready


class Liveness(bootsteps.StartStopStep):
    requires = ("celery.worker.components:Timer",)

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self.presence = Presence(Settings().home, worker.hostname)
        self.presence.begin()

    def start(self, worker: Any) -> None:
        worker.timer.call_repeatedly(EVERY_SECONDS, self.show, (worker,))
        worker.timer.call_after(STARTING_SECONDS, self.wait, (worker,))

    def stop(self, worker: Any) -> None:
        del worker
        self.presence.end()

    def wait(self, worker: Any) -> None:
        """Say at once that it is ready: whoever starts a fleet waits for that."""
        if not self.show(worker):
            worker.timer.call_after(STARTING_SECONDS, self.wait, (worker,))

    def show(self, worker: Any) -> bool:
        """Called by the loop itself, so a loop that hangs shows nothing; says whether all are ready."""
        if worker.consumer is None or worker.consumer.connection is None:
            return False
        self.presence.touch("alive")
        is_ready = not is_prefork(worker) or len(self.presence.children()) >= worker.concurrency
        if is_ready:
            self.presence.touch("ready")
        return is_ready


def is_prefork(worker: Any) -> bool:
    return str(worker.pool_cls.__module__).endswith("prefork")


app.steps["worker"].add(Liveness)
