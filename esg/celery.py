"""The Celery application, so that `celery -A esg …` works; every setting is in `celeryconfig.py`."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

from celery import Celery
from celery.app.amqp import AMQP
from celery.app.events import Events
from celery.events.dispatcher import EventDispatcher
from kombu import Connection

from esg import broker, envelope
from esg.settings import Settings


class Dispatcher(EventDispatcher):
    """Tries once to send an event and keeps it where that fails.

    Celery's heartbeat tries for ever, inside the loop that would notice that the broker is gone: where the
    workers are the ones who start it again, a heartbeat that is due at the wrong moment is the end of all.
    """

    def send(self, *args: Any, **fields: Any) -> None:
        """Send an event, or buffer it until there is a connection again."""
        super().send(*args, **{**fields, "retry": False})

    def extend_buffer(self, other: Any) -> None:
        """Take over what the dispatcher of a connection that broke had not sent, groups as well."""
        super().extend_buffer(other)
        for group, events in other._group_buffer.items():
            self._group_buffer[group].extend(events)  # type: ignore[attr-defined]  # not in its stub


class QuickEvents(Events):
    dispatcher_cls = f"{__name__}:Dispatcher"


class Post(AMQP):
    """Seals every message: a stage's hint, a firing of beat, a call by hand.

    Not by the signal `before_task_publish`: what its receivers raise is logged, and the message sent.
    """

    @cached_property
    def _keys(self) -> envelope.Keys:
        return message_keys(Settings())

    def _create_task_sender(self) -> Callable[..., Any]:
        send: Callable[..., Any] = super()._create_task_sender()  # type: ignore[misc]

        def send_task_message(
            producer: Any, name: str, message: Any, headers: Mapping[str, Any] | None = None, **options: Any
        ) -> Any:
            message.headers.update(headers or {})
            args, kwargs, _ = message.body
            envelope.seal(message.headers, args, kwargs, self._keys)
            return send(producer, name, message, **options)

        return send_task_message


def message_keys(settings: Settings) -> envelope.Keys:
    """Give what this fleet's messages are signed with."""
    return envelope.Keys(
        settings.message_key.get_secret_value(), settings.message_key_accepted.get_secret_value()
    )


class Fleet(Celery):
    """Celery whose broker is found, or started, when a connection is opened: importing it opens nothing."""

    amqp_cls = f"{__name__}:Post"
    events_cls = f"{__name__}:QuickEvents"

    def connection_for_read(self, url: str | None = None, **options: Any) -> Connection:
        """Open a connection to consume from; each reconnect looks for the broker anew."""
        return super().connection_for_read(url or self._broker_url(), **options)

    def connection_for_write(self, url: str | None = None, **options: Any) -> Connection:
        """Open a connection to publish to."""
        return super().connection_for_write(url or self._broker_url(), **options)

    def _broker_url(self) -> str:
        given: str | None = self.conf.broker_url  # `celery -b URL`
        return verified(given or broker.ensure(Settings()))


def verified(url: str) -> str:
    """Have a broker over TLS prove who it is, unless its URL says otherwise: kombu would believe anyone."""
    parts = urlsplit(url)
    if parts.scheme != "rediss" or "ssl_cert_reqs" in parse_qs(parts.query):
        return url
    return urlunsplit(parts._replace(query=f"{parts.query}&ssl_cert_reqs=required".lstrip("&")))


app = Fleet("esg")
app.config_from_object("celeryconfig")
