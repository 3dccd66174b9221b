"""The supervisor and its broker: started again when it is gone, or there and silent."""

import io
import os
import signal
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from esg import broker
from esg.cli import fleet as fleets
from esg.settings import Settings


@pytest.fixture
def supervisor(settings: Settings) -> fleets.Fleet:
    """A supervisor of nothing but a broker."""
    supervisor = fleets.Fleet(settings, (), io.StringIO())
    supervisor.start()
    return supervisor


def test_a_broker_that_was_killed_is_started_again(supervisor: fleets.Fleet, settings: Settings) -> None:
    first = broker.running(settings)
    assert first is not None
    os.kill(first.pid, signal.SIGKILL)

    told = [line for _ in range(50) for line in supervisor.tick()]

    second = broker.running(settings)
    assert second is not None
    assert second.pid != first.pid
    assert [line.partition(";")[0] for line in told] == ["the broker was gone"]


def test_a_broker_whose_socket_was_removed_is_started_again_after_a_while(
    supervisor: fleets.Fleet, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(urlsplit(broker.ensure(settings)).path).unlink()
    assert supervisor.tick() == []

    monkeypatch.setattr(fleets, "SILENT_SECONDS", 0.0)

    assert [line.partition(";")[0] for line in supervisor.tick()] == ["the broker no longer answered"]
    assert broker.answers(broker.ensure(settings))
    assert supervisor.tick() == []
