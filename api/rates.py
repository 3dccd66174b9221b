"""How often someone may ask: so many requests a minute, counted for all API processes together in Redis.

A quota holds a minute's requests, which may come at once, and fills up evenly. Where there is no Redis, or it
does not answer, each process counts for itself: neither is everyone let through nor everyone shut out, and
`esg_api_rates_shared` says so.
"""

import threading
import time
from collections.abc import Callable
from importlib.resources import files
from typing import NamedTuple, Protocol

import redis

from api.metrics import Metrics
from esg import broker
from esg.errors import EsgError

MINUTE = 60_000_000  # microseconds
TIMEOUT_SECONDS = 0.25  # a limit is not worth more of a request's time
LOOK_AGAIN_SECONDS = 5.0  # for a Redis that was away, or has moved
MOST_QUOTAS = 10_000  # that a process remembers, before it forgets those that are whole


class Taken(NamedTuple):
    """What became of a request, and of the quota it was taken from."""

    is_granted: bool
    remaining: int
    whole_seconds: float  # until the quota is whole again
    wait_seconds: float  # until the next request is granted
    per_minute: int


class Rates(Protocol):
    def take(self, name: str, per_minute: int) -> Taken:
        """Take one request from the quota called `name`, which one that is refused leaves as it was."""


class RedisRates:
    """One atomic script, so that no two processes grant the same request."""

    def __init__(self, client: redis.Redis) -> None:
        self._script = client.register_script(files("api").joinpath("rates.lua").read_text())

    def take(self, name: str, per_minute: int) -> Taken:
        """Raises redis.RedisError where Redis does not answer."""
        granted, remaining, whole, wait = self._script([f"esg:rate:{name}"], [per_minute])
        return Taken(bool(granted), remaining, whole / 1e6, wait / 1e6, per_minute)


class ProcessRates:
    """The same for one process."""

    def __init__(self, clock: Callable[[], int] = lambda: time.monotonic_ns() // 1000) -> None:
        self._now = clock
        self._whole_at: dict[str, int] = {}
        self._lock = threading.Lock()

    def take(self, name: str, per_minute: int) -> Taken:
        step = MINUTE // per_minute
        with self._lock:
            now = self._now()
            whole = max(self._whole_at.get(name, now), now)
            due = whole + step - per_minute * step
            if due > now:
                return Taken(False, 0, (whole - now) / 1e6, (due - now) / 1e6, per_minute)
            self._forget(now)
            self._whole_at[name] = whole + step
            return Taken(True, (now - due) // step, (whole + step - now) / 1e6, 0.0, per_minute)

    def _forget(self, now: int) -> None:
        if len(self._whole_at) >= MOST_QUOTAS:
            self._whole_at = {name: whole for name, whole in self._whole_at.items() if whole > now}


class SharedRates:
    """Those of Redis as long as it answers, else this process's own."""

    def __init__(self, find_url: Callable[[], str], metrics: Metrics) -> None:
        self._find_url = find_url
        self._shared = metrics.rates_shared
        self._alone = ProcessRates()
        self._redis: tuple[str, RedisRates] | None = None
        self._look_at = 0.0
        self._lock = threading.Lock()

    def take(self, name: str, per_minute: int) -> Taken:
        rates = self._found()
        if rates is not None:
            try:
                taken = rates.take(name, per_minute)
                self._shared.set(1)
                return taken
            except redis.RedisError:
                self._redis = None
        self._shared.set(0)
        return self._alone.take(name, per_minute)

    def _found(self) -> RedisRates | None:
        """The Redis there is now; a look for it is not worth being made by every request."""
        with self._lock:
            if time.monotonic() >= self._look_at:
                self._look_at = time.monotonic() + LOOK_AGAIN_SECONDS
                self._redis = self._look()
            return self._redis[1] if self._redis else None

    def _look(self) -> tuple[str, RedisRates] | None:
        try:
            url = self._find_url()
        except EsgError:
            url = ""
        if not url:
            return None
        if self._redis and self._redis[0] == url:
            return self._redis
        return url, RedisRates(broker.connect(url, timeout_seconds=TIMEOUT_SECONDS, retries=0))
