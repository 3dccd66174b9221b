"""Keeps a worker of Celery 5.7.0 alive when Redis restarts under it (docs/adr/0001, FLEET §0.1 and §6.13).

While it reconnects, Celery closes the broken connection, and closing restores unacknowledged messages over a
channel that has no connection any more: an AttributeError that ends the worker. With this, the closed channel
raises a connection error instead, which Celery ignores as meant. Remove it when Celery does so itself;
tests/integration/test_redis_guard.py tells.
"""

from typing import Any

from kombu.transport.redis import Channel
from redis.exceptions import ConnectionError as RedisConnectionError

_connparams = Channel._connparams  # type: ignore[attr-defined]


def _guarded(self: Any, *args: Any, **kwargs: Any) -> Any:
    if getattr(self.connection, "client", None) is None:
        raise RedisConnectionError("This channel is closed.")
    return _connparams(self, *args, **kwargs)


Channel._connparams = _guarded  # type: ignore[attr-defined]
