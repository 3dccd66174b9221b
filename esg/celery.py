"""The Celery application, so that `celery -A esg …` works; every setting is in `celeryconfig.py`."""

from typing import Any

from celery import Celery
from celery.app.events import Events
from celery.events.dispatcher import EventDispatcher
from kombu import Connection

from esg import broker
from esg.settings import Settings


class Dispatcher(EventDispatcher):
    """Tries once to send an event and keeps it where that fails.

    Celery's heartbeat tries for ever, inside the loop that would notice that the broker is gone: where the
    workers are the ones who start it again, a heartbeat that is due at the wrong moment is the end of all.
    """

    def send(self, *args: Any, **fields: Any) -> None:
        """Send an event, or buffer it until there is a connection again."""
        super().send(*args, **{**fields, "retry": False})


class QuickEvents(Events):
    dispatcher_cls = f"{__name__}:Dispatcher"


class Fleet(Celery):
    """Celery whose broker is found, or started, when a connection is opened: importing it opens nothing."""

    events_cls = f"{__name__}:QuickEvents"

    def connection_for_read(self, url: str | None = None, **options: Any) -> Connection:
        """Open a connection to consume from; each reconnect looks for the broker anew."""
        return super().connection_for_read(url or self._broker_url(), **options)

    def connection_for_write(self, url: str | None = None, **options: Any) -> Connection:
        """Open a connection to publish to."""
        return super().connection_for_write(url or self._broker_url(), **options)

    def _broker_url(self) -> str:
        given: str | None = self.conf.broker_url  # `celery -b URL`
        return given or broker.ensure(Settings())


app = Fleet("esg")
app.config_from_object("celeryconfig")
