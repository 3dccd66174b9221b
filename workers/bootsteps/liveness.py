"""Files a probe looks at: `alive` while it is connected and its loop turns, `ready` when its children are."""

from typing import Any

from celery import bootsteps

from esg.celery import app
from esg.settings import Settings
from workers.presence import Presence

EVERY_SECONDS = 2.0


class Liveness(bootsteps.StartStopStep):
    requires = ("celery.worker.components:Timer",)

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self.presence = Presence(Settings().home, worker.hostname)
        self.presence.begin()

    def start(self, worker: Any) -> None:
        worker.timer.call_repeatedly(EVERY_SECONDS, self.show, (worker,))

    def stop(self, worker: Any) -> None:
        del worker
        self.presence.end()

    def show(self, worker: Any) -> None:
        """Called by the loop itself, so a loop that hangs shows nothing."""
        if worker.consumer is None or worker.consumer.connection is None:
            return
        self.presence.touch("alive")
        if not is_prefork(worker) or len(self.presence.children()) >= worker.concurrency:
            self.presence.touch("ready")


def is_prefork(worker: Any) -> bool:
    return str(worker.pool_cls.__module__).endswith("prefork")


app.steps["worker"].add(Liveness)
