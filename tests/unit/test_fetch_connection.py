"""The connection goes to the address that was checked, and nothing outlasts the deadline."""

import time
from collections.abc import Iterable
from typing import Any

import httpcore
import pytest

from esg.deadline import Deadline
from esg.errors import Rejected
from esg.fetch.connection import PinnedBackend, within

PUBLIC = "93.184.216.34"
OTHER = "8.8.8.8"


class RecordingNetwork(httpcore.NetworkBackend):
    """Says which addresses were asked for; the ones in `down` do not answer."""

    def __init__(self, *down: str) -> None:
        self.asked: list[str] = []
        self._down = down

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        self.asked.append(host)
        if host in self._down:
            raise httpcore.ConnectError("down")
        return httpcore.MockStream([])


def backend(network: RecordingNetwork, *answers: list[str]) -> PinnedBackend:
    """A backend whose resolver gives another answer every time."""
    following = iter(answers)
    return PinnedBackend(Deadline.after(5), lambda *_: next(following), allow_private=False, tcp=network)


def test_the_checked_address_is_connected_to() -> None:
    network = RecordingNetwork()

    backend(network, [PUBLIC]).connect_tcp("reports.example", 443)

    assert network.asked == [PUBLIC]


def test_a_name_that_changes_its_address_is_checked_at_every_connection() -> None:
    network = RecordingNetwork()
    rebinding = backend(network, [PUBLIC], ["127.0.0.1"])
    rebinding.connect_tcp("reports.example", 443)

    with pytest.raises(Rejected):
        rebinding.connect_tcp("reports.example", 443)

    assert network.asked == [PUBLIC]


def test_the_next_address_is_tried_where_one_is_down() -> None:
    network = RecordingNetwork(PUBLIC)

    backend(network, [PUBLIC, OTHER]).connect_tcp("reports.example", 443)

    assert network.asked == [PUBLIC, OTHER]


def test_a_host_whose_addresses_are_all_down_cannot_be_reached() -> None:
    with pytest.raises(httpcore.ConnectError):
        backend(RecordingNetwork(PUBLIC), [PUBLIC]).connect_tcp("reports.example", 443)


def test_a_host_without_addresses_cannot_be_reached() -> None:
    with pytest.raises(httpcore.ConnectError):
        backend(RecordingNetwork(), []).connect_tcp("reports.example", 443)


def test_a_passed_deadline_waits_no_more() -> None:
    with pytest.raises(httpcore.ReadTimeout):
        Deadline.after(-1).remaining()


def test_a_wait_is_never_longer_than_what_remains() -> None:
    assert Deadline.after(100).remaining(1.0) == 1.0
    assert Deadline.after(0.5).remaining(10.0) <= 0.5


def test_a_resolver_that_hangs_is_given_up() -> None:
    def hang() -> list[str]:
        time.sleep(1)
        return []

    with pytest.raises(httpcore.ConnectTimeout):
        within(Deadline.after(0.05), hang)
