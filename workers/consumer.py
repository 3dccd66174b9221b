"""How a worker gets its messages: from a broker it finds again, and none that is not the fleet's.

Celery asks where the broker is once and then tries that place for ever, where nobody may ever listen again: a
server that was found can be dead a moment later, and it is the workers that start another. So each attempt
looks for an embedded broker anew, and starts it if it is gone.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from celery.worker.consumer import Consumer as CeleryConsumer

from esg import broker, envelope
from esg.celery import message_keys
from esg.errors import Rejected, Transient
from esg.settings import Settings
from tasks.base import FleetTask
from tasks.refused import set_aside
from workers import letterbox

log = logging.getLogger(__name__)

EVENTS_SECONDS = 0.5  # between two messages to those who watch, such as Flower

__all__ = ["Consumer", "letterbox"]


class Consumer(CeleryConsumer):
    """Celery's own, whose loop around `start` does the waiting: a connection error makes it begin again."""

    _tells_at = 0.0  # when the events that are buffered now are sent, by the monotonic clock

    def create_task_handler(self, *args: Any, **options: Any) -> Callable[[Any], None]:
        """Look at each message before Celery does: what is not the fleet's is set aside, never executed."""
        take = super().create_task_handler(*args, **options)
        tasks = frozenset(name for name, task in self.app.tasks.items() if isinstance(task, FleetTask))
        keys = message_keys(Settings())

        def receive(message: Any) -> None:
            content = (message.content_type, message.content_encoding)
            try:
                envelope.open_sealed(message.headers, message.body, content=content, tasks=tasks, keys=keys)
            except Rejected as refusal:
                set_aside(message, refusal, worker=self.hostname)
                message.ack_log_error(log, self.connection_errors)  # type: ignore[attr-defined]
            else:
                take(message)

        return receive

    def on_send_event_buffered(self) -> None:  # type: ignore[override]  # whose stub tells of a return value
        """Tell of tasks now and then, many at once: Celery would at each turn of its loop, in a message each.

        Each event has the time at which it happened; whoever watches sees it so much later.
        """
        if self.timer and time.monotonic() >= self._tells_at:
            self._tells_at = time.monotonic() + EVENTS_SECONDS
            self.timer.call_after(EVENTS_SECONDS, self._tell)

    def stop(self) -> None:
        """Stop consuming, and tell what has not been told yet."""
        self._tell()
        super().stop()

    def _tell(self) -> None:
        if dispatcher := getattr(self, "event_dispatcher", None):  # where it is connected
            dispatcher.flush()

    def connection_for_read(self, heartbeat: float | None = None) -> Any:
        """Connect to consume; raises a connection error where an embedded broker cannot be reached."""
        with _connection_error():
            return super().connection_for_read(heartbeat)

    def connection_for_write(self, url: str | None = None, heartbeat: float | None = None) -> Any:
        """Connect to send events; raises as `connection_for_read` does."""
        with _connection_error():
            return super().connection_for_write(url, heartbeat)

    def ensure_connected(self, conn: Any) -> Any:
        """Wait for a broker that is given; try one of our own and leave it to the loop to look again."""
        if self.app.conf.broker_url or broker.is_given(Settings()):
            return super().ensure_connected(conn)
        conn.connect()
        self.first_connection_attempt = False
        return conn


@contextmanager
def _connection_error() -> Iterator[None]:
    """Say that no broker answers in words that Celery takes for a reason to try again."""
    try:
        yield
    except Transient as error:
        raise ConnectionError(str(error)) from error
