"""Who the supervisor starts first: the API, wherever it is listed, and all others though it never answers."""

import io
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from esg.cli import fleet as fleets
from esg.cli.child import Program
from esg.cli.programs import API
from esg.settings import Settings

SLEEP = "import time; time.sleep(60)"
OPEN_LATER = """
import pathlib, socket, time
while not pathlib.Path({go!r}).exists():
    time.sleep(0.01)
listener = socket.create_server(("127.0.0.1", {port}))
time.sleep(60)
"""
OTHERS = tuple(Program(name, ("-c", SLEEP)) for name in ("ingest", "embed", "beat"))
URL = "http://127.0.0.1:{port}"


@pytest.fixture(autouse=True)
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fleets, "cores", lambda: 2)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def open_fleet(settings: Settings) -> Iterator[list[fleets.Fleet]]:
    opened: list[fleets.Fleet] = []
    yield opened
    for fleet in opened:
        fleet.drain()


def test_the_api_is_started_first_and_the_rest_at_once_when_it_takes_requests(
    settings: Settings, open_fleet: list[fleets.Fleet], port: int, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    api = Program(API, ("-c", OPEN_LATER.format(go=str(go), port=port)), url=URL.format(port=port))
    fleet = _opened(open_fleet, settings, *OTHERS, api)

    fleet.start()
    assert _started(fleet) == ["api"]
    for _ in range(3):  # however often: one more loads beside it, on two processors
        fleet.tick()
        assert _started(fleet) == ["ingest", "api"]

    go.touch()
    _wait_for(port)
    fleet.tick()
    assert _started(fleet) == ["ingest", "embed", "beat", "api"]


def test_all_others_start_though_the_api_ends(
    settings: Settings, open_fleet: list[fleets.Fleet], port: int
) -> None:
    broken = Program(API, ("-c", "raise SystemExit(2)"), url=URL.format(port=port))
    fleet = _opened(open_fleet, settings, *OTHERS, broken)

    fleet.start()
    api, others = fleet.children[-1], fleet.children[:-1]
    while api.is_running():
        time.sleep(0.01)
    fleet.tick()

    assert all(child.is_running() for child in others)


def test_all_others_start_though_the_api_never_answers(
    settings: Settings, open_fleet: list[fleets.Fleet], port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = Program(API, ("-c", SLEEP), url=URL.format(port=port))
    fleet = _opened(open_fleet, settings, *OTHERS, silent)

    fleet.start()
    fleet.tick()
    assert _started(fleet) == ["ingest", "api"]
    monkeypatch.setattr(fleets, "API_SECONDS", 0.0)
    fleet.tick()

    assert _started(fleet) == ["ingest", "embed", "beat", "api"]


def test_without_an_api_all_start_at_once(settings: Settings, open_fleet: list[fleets.Fleet]) -> None:
    fleet = _opened(open_fleet, settings, *OTHERS)

    fleet.start()

    assert _started(fleet) == ["ingest", "embed", "beat"]


def _opened(opened: list[fleets.Fleet], settings: Settings, *programs: Program) -> fleets.Fleet:
    settings.make_home()
    opened.append(fleets.Fleet(settings, programs, io.StringIO()))
    return opened[-1]


def _started(fleet: fleets.Fleet) -> list[str]:
    return [child.program.name for child in fleet.children if child.started]


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.01)
        else:
            return
    raise AssertionError("nobody listens")
