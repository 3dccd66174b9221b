"""A cache in Redis, shared by all machines, reports and years; a server that fails is a miss."""

import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np
import redis

from esg.embed.cache import Vector

log = logging.getLogger(__name__)

PREFIX = "esg:vector:"
REST_SECONDS = 30.0  # a server that failed is left alone for so long
FULL_CHECK_SECONDS = 5.0  # how old what we know of its memory may be
GOOD_RATIO = 0.9  # of its own maximum: what the broker needs stays free
Result = TypeVar("Result")


class RedisCache:
    """Vectors as little-endian float32, each with a time to live, within a bound of the server's memory.

    Redis may be the broker's, which never evicts: so nothing is put once the server uses `memory_bytes`.
    """

    def __init__(self, client: redis.Redis, *, seconds: float, memory_bytes: int) -> None:
        """`client` must not decode answers."""
        self._client = client
        self._milliseconds = round(seconds * 1000)
        self._memory_bytes = memory_bytes
        self._rests_until = 0.0
        self._room = (0.0, False)  # (when it was asked, whether there was room)

    def get(self, keys: Sequence[str]) -> dict[str, Vector]:
        if not keys:
            return {}
        return self._tried(lambda: self._get(keys), {})

    def put(self, vectors: Mapping[str, Vector]) -> None:
        if vectors:
            self._tried(lambda: self._put(vectors), None)

    def _get(self, keys: Sequence[str]) -> dict[str, Vector]:
        values = self._client.mget([PREFIX + key for key in keys])
        return {
            key: np.frombuffer(value, "<f4")
            for key, value in zip(keys, values, strict=True)
            if isinstance(value, bytes)
        }

    def _put(self, vectors: Mapping[str, Vector]) -> None:
        if not self._has_room():
            return
        with self._client.pipeline(transaction=False) as pipeline:
            for key, vector in vectors.items():
                data = vector.astype("<f4").tobytes()
                pipeline.set(PREFIX + key, data, nx=True, px=self._milliseconds)
            pipeline.execute()

    def _has_room(self) -> bool:
        asked, had = self._room
        if time.monotonic() - asked > FULL_CHECK_SECONDS:
            had = self._used_bytes() < self._memory_bytes
            if not had:
                log.warning("The Redis cache of vectors is full: new ones are not kept there.")
            self._room = (time.monotonic(), had)
        return had

    def _used_bytes(self) -> float:
        """What the server uses; all there is where it comes near a maximum of its own."""
        try:
            memory = self._client.info("memory")
        except redis.ResponseError:  # it may not be asked (or is fakeredis): the time to live must do
            return 0
        used, maximum = int(memory["used_memory"]), int(memory.get("maxmemory", 0))
        return math.inf if maximum and used > GOOD_RATIO * maximum else used

    def _tried(self, ask: Callable[[], Result], otherwise: Result) -> Result:
        """Ask, unless the server failed a moment ago; one warning each time it begins to fail."""
        if time.monotonic() < self._rests_until:
            return otherwise
        try:
            answer = ask()
        except redis.RedisError as error:
            if not self._rests_until:
                log.warning("The Redis cache of vectors does not answer, so it is left out: %s", error)
            self._rests_until = time.monotonic() + REST_SECONDS
            return otherwise
        self._rests_until = 0.0
        return answer
