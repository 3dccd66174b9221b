"""A moment after which nothing waits any more, and streams that keep to it."""

import ssl
import time
from dataclasses import dataclass
from typing import Any, Protocol

import httpcore


class Ending(Protocol):
    """What knows how long may still be waited."""

    def remaining(self, at_most: float | None = None) -> float:
        """Seconds left, at most `at_most`; raises `httpcore.ReadTimeout` when there are none."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock after which nothing waits any more."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        return cls(time.monotonic() + seconds)

    def remaining(self, at_most: float | None = None) -> float:
        """Seconds left, at most `at_most`; raises `httpcore.ReadTimeout` when there are none."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the total time allowed has passed")
        return left if at_most is None else min(left, at_most)


class DeadlineStream(httpcore.NetworkStream):
    """A stream whose every wait ends at the deadline, so that a slow drip cannot stretch it."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Ending) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.remaining(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.remaining(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        limit = self._deadline.remaining(timeout)
        return DeadlineStream(self._stream.start_tls(ssl_context, server_hostname, limit), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
