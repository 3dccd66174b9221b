"""How a worker gets back to an embedded broker: each attempt looks for it anew, and starts it if it is gone.

Celery asks where the broker is once and then tries that place for ever, where nobody may ever listen again: a
server that was found can be dead a moment later, and it is the workers that start another.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from celery.worker.consumer import Consumer as CeleryConsumer

from esg import broker
from esg.errors import Transient
from esg.settings import Settings


class Consumer(CeleryConsumer):
    """Celery's own, whose loop around `start` does the waiting: a connection error makes it begin again."""

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
