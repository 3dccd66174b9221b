"""Messages on a real broker, as they lie in Redis, for a real worker; some good ones must be done, too."""

import atexit
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, Self

from esg.broker.client import connect
from esg.errors import NotFound
from tests.fakes.fleets import Fleet
from tests.hostile.answer import Answer, Phase

QUEUE = "ingest"
CANARY_EVERY = 50
PATIENCE_SECONDS = 120.0


def open_broker(folder: Path) -> Callable[[bytes, Phase], Answer]:
    worker = Worker(folder)
    atexit.register(worker.fleet.stop)
    return worker.send


class Worker:
    """An ingest worker and its broker; AssertionError where a message is not taken or the worker dies."""

    def __init__(self, folder: Path) -> None:
        self.fleet = Fleet(folder / "home", ESG_FETCH_ALLOW_PRIVATE="false")
        self.fleet.start(QUEUE, is_faulty=False)
        self._process = self.fleet.workers[QUEUE].process
        self._app = self.fleet.app()
        self._list = f"{self._app.conf.broker_transport_options['global_keyprefix']}{QUEUE}"
        self._redis = connect(str(self._app.conf.broker_url), timeout_seconds=10, is_text=False)
        self._sent = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.fleet.stop()

    def send(self, data: bytes, phase: Phase) -> Answer:
        """Lay a message into the queue and see it taken."""
        phase("take")
        self._redis.lpush(self._list, data)
        self._until(lambda: self._redis.llen(self._list) == 0, "the worker to take a message")
        self._sent += 1
        if self._sent % CANARY_EVERY == 1:
            self.send_canary()
        return "taken"

    def send_canary(self) -> None:
        """Send a good message, and see it done."""
        name = str(uuid.uuid4())
        self._app.send_task("ingest.document", kwargs={"source": "/nowhere.pdf"}, task_id=name)
        self._until(lambda: self._is_written(name), "the worker to do a good message after this one")

    def _is_written(self, name: str) -> bool:
        try:
            return bool(self.fleet.state.job(name))
        except NotFound:
            return False

    def _until(self, happens: Callable[[], bool], what: str) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while not happens():
            worker = self.fleet.workers[QUEUE]
            if not worker.is_running or worker.process is not self._process:
                self._fail("the worker died")
            if time.monotonic() > until:
                self._fail(f"waited for {what}")
            time.sleep(0.002)

    def _fail(self, what: str) -> NoReturn:
        """Report; the next message meets a new worker, and a queue without this one."""
        report = self.fleet.report()
        self.fleet.stop(QUEUE)
        self._redis.flushdb()
        self.fleet.start(QUEUE, is_faulty=False)
        self._process = self.fleet.workers[QUEUE].process
        raise AssertionError(f"{what}\n{report}")
