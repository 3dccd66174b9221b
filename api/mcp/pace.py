"""How often a key may call: MCP_RATE_LIMIT a minute, in all processes together, counted in the fleet's Redis.

Where no broker runs, or it is away, each process counts for itself: a limit that cannot be shared is better
than an assistant that cannot call.
"""

import logging
import threading
import time
from collections.abc import Callable

import redis

from api.problems import Problem
from api.publisher import url_of
from esg import broker
from esg.errors import EsgError
from esg.settings import Settings

MINUTE = 60

logger = logging.getLogger("esg.api")


class Pace:
    """Counts by the minute of the clock. Safe to share between threads."""

    def __init__(self, settings: Settings, *, clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._now = clock
        self._lock = threading.Lock()
        self._minute = 0
        self._own: dict[str, int] = {}
        self._client: tuple[str, redis.Redis] | None = None

    def take(self, who: str) -> None:
        """Count a call; raises a Problem (429) once the minute's are used up."""
        limit = self._settings.mcp_rate_limit
        if not limit:
            return
        minute, second = divmod(int(self._now()), MINUTE)
        if self._count(who, minute) > limit:
            raise Problem(
                429,
                f"That is more than {limit} calls in a minute.",
                code="rate_limited",
                headers={"Retry-After": str(MINUTE - second)},
            )

    def _count(self, who: str, minute: int) -> int:
        try:
            if client := self._redis():
                return _counted(client, f"esg:mcp:calls:{who}:{minute}")
        except (redis.RedisError, EsgError) as error:
            logger.warning("calls are counted in this process alone: %s", error)
        return self._count_here(who, minute)

    def _count_here(self, who: str, minute: int) -> int:
        with self._lock:
            if minute != self._minute:
                self._minute, self._own = minute, {}
            self._own[who] = self._own.get(who, 0) + 1
            return self._own[who]

    def _redis(self) -> redis.Redis | None:
        url = url_of(self._settings)
        if not url:
            return None
        if self._client is None or self._client[0] != url:
            self._client = (url, broker.connect(url, timeout_seconds=0.5, retries=0))
        return self._client[1]


def _counted(client: redis.Redis, key: str) -> int:
    with client.pipeline() as both:
        both.incr(key)
        both.expire(key, 2 * MINUTE)
        count, _ = both.execute()
    return int(count)
