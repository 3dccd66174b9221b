"""(host, deadline) → a socket to an address that was checked: the name is looked up once and never again."""

import socket
import threading
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

from esg.deadline import Deadline, DeadlineStream
from esg.fetch.addresses import Resolver, permitted


class PinnedBackend(httpcore.NetworkBackend):
    """Connects to the address that was checked; TLS above still verifies the host's name."""

    def __init__(
        self,
        deadline: Deadline,
        resolver: Resolver,
        *,
        allow_private: bool,
        tcp: httpcore.NetworkBackend | None = None,
    ) -> None:
        self._deadline = deadline
        self._resolver = resolver
        self._allow_private = allow_private
        self._tcp = tcp or httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._addresses(host, port):
            try:
                limit = self._deadline.remaining(timeout)
                stream = self._tcp.connect_tcp(address, port, limit, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return DeadlineStream(stream, self._deadline)
        raise failure

    def _addresses(self, host: str, port: int) -> list[str]:
        return within(
            self._deadline,
            lambda: permitted(host, port, resolver=self._resolver, allow_private=self._allow_private),
        )


def within(deadline: Deadline, look_up: Callable[[], list[str]]) -> list[str]:
    """Call something that knows no timeout (the system's resolver) and give it up at the deadline."""
    outcome: list[list[str] | Exception] = []

    def call() -> None:
        try:
            outcome.append(look_up())
        except (Exception, socket.gaierror) as error:  # carried over to the caller's thread
            outcome.append(error)

    thread = threading.Thread(target=call, name="esg-resolve", daemon=True)
    thread.start()
    thread.join(deadline.remaining())
    if not outcome:
        raise httpcore.ConnectTimeout("the name was not resolved in time")
    if isinstance(outcome[0], Exception):
        raise outcome[0]
    return outcome[0]
