"""Speak to a broker by its URL, outside Celery: to ping it, to count its messages."""

from urllib.parse import urlsplit

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

SOCKET_SCHEME = "redis+socket"  # kombu's name for what redis-py calls unix


def connect(
    url: str, *, timeout_seconds: float = 2.0, is_text: bool = True, retries: int | None = None
) -> redis.Redis:
    """Open a client; nothing is sent until its first command.

    Values are text unless `is_text` is False; with `retries` a command that fails is repeated that often at
    once, instead of over seconds as redis-py does.
    """
    if urlsplit(url).scheme == SOCKET_SCHEME:
        url = "unix" + url.removeprefix(SOCKET_SCHEME)
    client = redis.Redis.from_url(
        url, socket_timeout=timeout_seconds, socket_connect_timeout=timeout_seconds, decode_responses=is_text
    )
    if retries is not None:
        client.set_retry(Retry(NoBackoff(), retries))
    return client


def answers(url: str, *, timeout_seconds: float = 1.0) -> bool:
    """Tell whether a server is there and has loaded its data."""
    client = connect(url, timeout_seconds=timeout_seconds)
    try:
        return bool(client.ping())
    except (redis.RedisError, OSError):
        return False
    finally:
        client.close()
