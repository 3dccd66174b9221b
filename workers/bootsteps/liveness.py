"""Files a probe looks at: `alive` while its loop turns and it consumes, `ready` while its children are."""

from collections.abc import Sequence
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
        self.queues: tuple[str, ...] = ()

    def start(self, worker: Any) -> None:
        self.queues = tuple(worker.app.amqp.queues.consume_from)
        self.presence.describe(*self.queues)
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
        if not is_consuming(worker.consumer, self.queues):
            return False
        self.presence.touch("alive")
        is_ready = not is_prefork(worker) or len(self.presence.children()) >= worker.concurrency
        if is_ready:
            self.presence.touch("ready")
        return is_ready


def is_consuming(consumer: Any, queues: Sequence[str]) -> bool:
    """Whether it is connected and takes from each of its queues: it may be told to leave one alone."""
    if consumer is None or consumer.connection is None or consumer.task_consumer is None:
        return False
    return all(consumer.task_consumer.consuming_from(queue) for queue in queues)


def is_prefork(worker: Any) -> bool:
    return str(worker.pool_cls.__module__).endswith("prefork")


app.steps["worker"].add(Liveness)
