"""How a worker stays with its broker, whatever lies there and wherever it goes.

Celery asks where the broker is once and then tries that place for ever, where nobody may ever listen again: a
server that was found can be dead a moment later, and it is the workers that start another.

Celery ends its worker over a message that nobody should have sent (an id that is a list, a text that is no
JSON); the next worker would take it and end, too. A message is a hint, so such a one is dropped.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from celery.worker.consumer import Consumer as CeleryConsumer

from esg import broker
from esg.errors import Transient
from esg.settings import Settings

log = logging.getLogger(__name__)

UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError)


class Consumer(CeleryConsumer):
    """Celery's own, whose loop around `start` does the waiting: a connection error makes it begin again."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.loop = _surviving(self.loop)

    def create_task_handler(self, *args: Any) -> Callable[[Any], Any]:
        """Take messages as Celery does, and reject one that its code breaks on."""
        take = super().create_task_handler(*args)

        def take_or_reject(message: Any) -> Any:
            try:
                return take(message)
            except UNREADABLE as error:
                log.error("A message was dropped that no client of the fleet sends.", exc_info=error)
                if not message.acknowledged:
                    message.reject_log_error(log, self.connection_errors)

        return take_or_reject

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


def _surviving(loop: Callable[..., Any]) -> Callable[..., Any]:
    """Let a text in a queue that is no message at all cost the connection, not the process."""

    def run(*args: Any, **options: Any) -> Any:
        try:
            return loop(*args, **options)
        except UNREADABLE as error:
            log.error("What lay in a queue was no message; the connection is opened anew.", exc_info=error)
            raise ConnectionError("what lay in a queue was no message") from error

    return run


@contextmanager
def _connection_error() -> Iterator[None]:
    """Say that no broker answers in words that Celery takes for a reason to try again."""
    try:
        yield
    except Transient as error:
        raise ConnectionError(str(error)) from error
