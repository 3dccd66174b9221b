"""The embedded broker: found before it is started, started once, private, durable."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis

from esg import broker
from esg.broker import addresses, embedded, programs
from esg.evaluate.broker_rate import measure
from esg.settings import Settings

ENSURE = "from esg import broker; from esg.settings import Settings; print(broker.ensure(Settings()))"
SETTINGS = {"port": "0", "appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction"}


def test_a_configured_broker_is_taken_as_it_is(tmp_path: Path) -> None:
    assert broker.ensure(Settings(home=tmp_path, broker_url="redis://elsewhere/3")) == "redis://elsewhere/3"
    assert broker.ensure(Settings(home=tmp_path, redis_host="redis", redis_port=7)) == "redis://redis:7/0"
    assert not list(tmp_path.iterdir())


def test_many_processes_that_need_a_broker_start_one(settings: Settings) -> None:
    environment = {**os.environ, "ESG_HOME": str(settings.home)}
    processes = [
        subprocess.Popen([sys.executable, "-c", ENSURE], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(5)
    ]
    urls = {process.communicate(timeout=60)[0].strip() for process in processes}

    assert urls == {broker.ensure(settings)}
    assert (settings.home / "broker" / "redis.log").read_text().count("Server initialized") <= 1


def test_what_a_message_costs_it_is_measured_by_its_own_processor_time(settings: Settings) -> None:
    found = measure(broker.connect(broker.ensure(settings)), messages=200)

    assert 11 <= found.commands / found.messages < 15  # and what asking for it takes
    assert found.per_second > 1000


def test_it_listens_on_a_socket_of_its_owner_alone(settings: Settings) -> None:
    path = Path(urlsplit(broker.ensure(settings)).path)

    assert stat.S_ISSOCK(path.stat().st_mode)
    assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    with _client(settings) as client:
        asked = [client.config_get(name)[name] for name in SETTINGS]
    assert asked == list(SETTINGS.values())


def test_a_home_too_deep_for_a_socket_gets_one_in_a_private_folder(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / ("deep" * 30))
    try:
        path = Path(urlsplit(broker.ensure(settings)).path)

        assert len(str(path)) < addresses.LONGEST_SOCKET_PATH
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    finally:
        broker.stop(settings)


def test_where_no_socket_can_be_it_listens_on_loopback_with_a_password(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    loopback = addresses.Loopback(addresses._free_port(), "secret-of-the-test")
    monkeypatch.setattr(embedded, "candidates", lambda folder: iter([loopback]))

    url = broker.ensure(settings)

    assert urlsplit(url).hostname == "127.0.0.1"
    assert urlsplit(url).port != 6379
    stranger = redis.Redis("127.0.0.1", urlsplit(url).port or 0)
    with pytest.raises(redis.AuthenticationError):
        stranger.ping()
    stranger.close()


def test_what_it_holds_survives_its_death(settings: Settings) -> None:
    with _client(settings) as client:
        client.set("kept", "yes")
    time.sleep(1.1)  # appendfsync everysec
    running = broker.running(settings)
    assert running is not None
    os.kill(running.pid, signal.SIGKILL)
    while broker.running(settings):
        time.sleep(0.01)

    with _client(settings) as client:
        assert client.get("kept") == "yes"


def test_data_that_cannot_be_read_are_set_aside(settings: Settings) -> None:
    """The queues are rebuilt from SQL; a broker that does not start would help nobody."""
    data = settings.home / "broker" / "data"
    (data / "appendonlydir").mkdir(parents=True)
    (data / "appendonly.aof").write_bytes(b"not an append-only file")
    (data / "appendonlydir" / "appendonly.aof.manifest").write_bytes(b"not a manifest")

    with _client(settings) as client:
        assert client.ping()
    assert list((settings.home / "broker").glob("data-unread-*"))


def test_the_pure_python_one_serves_where_there_is_no_other(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "find", lambda: iter([programs.PurePython()]))

    with _client(settings) as client:
        client.lpush("list", "value")
        assert client.brpop(["list"], 1) == ("list", "value")
    running = broker.running(settings)
    assert running is not None
    assert running.program == "fakeredis"


def test_stopping_what_does_not_run_is_no_error(settings: Settings) -> None:
    assert broker.stop(settings) is False
    broker.ensure(settings)
    assert broker.stop(settings) is True
    assert broker.running(settings) is None


def _client(settings: Settings) -> redis.Redis:
    return broker.connect(broker.ensure(settings))
