"""How many requests and tokens go out: one limit for all workers, in Redis, or in the process without it.

The limit holds in every window, not on average: at most `requests_per_second` grants in any second,
`requests_per_minute` and `tokens_per_minute` in any minute (one larger call goes alone). Losing Redis'
data loses that window.
"""

import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from threading import Lock
from typing import Protocol

import redis

from esg.errors import Unavailable

SECOND, MINUTE = 1.0, 60.0
SPREAD_SECONDS = 0.02  # waiters do not come back at the same moment
REDIS_AWAY_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Rates:
    """What the plan allows; 0 a minute is no limit."""

    requests_per_second: int = 8
    tokens_per_minute: int = 0
    requests_per_minute: int = 0


class Limiter(Protocol):
    def acquire(self, tokens: int, *, within_seconds: float) -> float:
        """Wait for a turn and give the moment of it; raises Unavailable if none comes in time."""

    def pause(self, seconds: float) -> None:
        """Let nobody have a turn for so long: the service asked for it."""


class RedisLimiter:
    """One atomic script, on the server's clock, so that no two machines disagree about a second."""

    def __init__(self, client: redis.Redis, account: str, rates: Rates) -> None:
        self._keys = [f"esg:watsonx:{{{account}}}:calls", f"esg:watsonx:{{{account}}}:pause"]
        self._client = client
        self._script = client.register_script(files("esg.watsonx").joinpath("limiter.lua").read_text())
        self._rates = rates

    def acquire(self, tokens: int, *, within_seconds: float) -> float:
        return _wait(lambda: self._ask(tokens), within_seconds)

    def pause(self, seconds: float) -> None:
        try:
            self._client.set(self._keys[1], 1, px=max(1, round(seconds * 1000)))
        except redis.RedisError as error:
            raise _away() from error

    def _ask(self, tokens: int) -> tuple[float, float]:
        rates = self._rates
        limits = [rates.requests_per_second, rates.tokens_per_minute, tokens, rates.requests_per_minute]
        try:
            moment, wait = self._script(self._keys, limits)
        except redis.RedisError as error:
            raise _away() from error
        return int(moment) / 1e6, int(wait) / 1e6


class ProcessLimiter:
    """The same for a process without a broker (`esg score --local`)."""

    def __init__(self, rates: Rates, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._rates = rates
        self._now = clock
        self._calls: deque[tuple[float, int]] = deque()  # (moment, tokens) of the last minute
        self._paused_until = 0.0
        self._lock = Lock()

    def acquire(self, tokens: int, *, within_seconds: float) -> float:
        return _wait(lambda: self._ask(tokens), within_seconds)

    def pause(self, seconds: float) -> None:
        with self._lock:
            self._paused_until = max(self._paused_until, self._now() + seconds)

    def _ask(self, tokens: int) -> tuple[float, float]:
        with self._lock:
            now = self._now()
            while self._calls and self._calls[0][0] <= now - MINUTE:
                self._calls.popleft()
            wait = max(self._paused_until - now, self._until_request(now), self._until_tokens(now, tokens))
            if wait > 0:
                return 0.0, wait
            self._calls.append((now, tokens))
            return now, 0.0

    def _until_request(self, now: float) -> float:
        limits = ((self._rates.requests_per_second, SECOND), (self._rates.requests_per_minute, MINUTE))
        return max(self._until_fewer(limit, window, now) for limit, window in limits)

    def _until_fewer(self, limit: int, window: float, now: float) -> float:
        return self._calls[-limit][0] + window - now if 0 < limit <= len(self._calls) else 0.0

    def _until_tokens(self, now: float, tokens: int) -> float:
        used, limit = sum(count for _, count in self._calls), self._rates.tokens_per_minute
        wait = 0.0
        for moment, count in self._calls:
            if not limit or not used or used + tokens <= limit:
                break
            used, wait = used - count, moment + MINUTE - now
        return wait


def _wait(ask: Callable[[], tuple[float, float]], within_seconds: float) -> float:
    deadline = time.monotonic() + within_seconds
    while True:
        moment, wait = ask()
        if not wait:
            return moment
        if time.monotonic() + wait > deadline:
            raise Unavailable(
                "The limit of requests to watsonx.ai is used up for now.", retry_after_seconds=wait
            )
        time.sleep(wait + SPREAD_SECONDS * random.random())  # noqa: S311  # nosec B311  # no secret


def _away() -> Unavailable:
    return Unavailable(
        "The limiter of watsonx.ai does not reach its Redis.",
        next_step="Check ESG_BROKER_URL with `esg doctor`.",
        retry_after_seconds=REDIS_AWAY_SECONDS,
    )
