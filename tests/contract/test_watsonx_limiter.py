"""What every limiter promises: no second and no minute with more than the plan allows, whoever asks."""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import fakeredis
import pytest

from esg import broker
from esg.errors import Transient
from esg.settings import Settings
from esg.watsonx import Limiter, ProcessLimiter, Rates, RedisLimiter

OpenLimiter = Callable[[Rates], Limiter]
RATE = 20  # requests per second


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an embedded Redis of one's own."""
    settings = Settings(home=tmp_path_factory.mktemp("home"), broker_url="", redis_host="")
    yield broker.ensure(settings)
    broker.stop(settings)


@pytest.fixture(params=["process", "redis", "fakeredis"])
def open_limiter(request: pytest.FixtureRequest) -> OpenLimiter:
    """Open a limiter; every test has an account of its own."""
    if request.param == "process":
        return ProcessLimiter
    if request.param == "redis":
        client = broker.connect(request.getfixturevalue("server"))
    else:
        client = fakeredis.FakeRedis(decode_responses=True)
    return lambda rates: RedisLimiter(client, request.node.name, rates)


def busiest(moments: list[float], seconds: float) -> int:
    """How many fell into the fullest window; a window's end is not in it."""
    return max(sum(start <= moment < start + seconds for moment in moments) for start in moments)


def test_no_second_has_more_than_its_requests(open_limiter: OpenLimiter) -> None:
    limiter = open_limiter(Rates(RATE))

    moments = [limiter.acquire(1, within_seconds=30) for _ in range(2 * RATE + 5)]

    assert moments == sorted(moments)
    assert busiest(moments, 1.0) == RATE


def test_a_minute_has_no_more_than_its_tokens(open_limiter: OpenLimiter) -> None:
    limiter = open_limiter(Rates(RATE, tokens_per_minute=100))
    limiter.acquire(60, within_seconds=1)
    limiter.acquire(40, within_seconds=1)

    with pytest.raises(Transient) as told:
        limiter.acquire(1, within_seconds=1)
    assert 50 < (told.value.retry_after_seconds or 0) <= 60.1


def test_a_minute_has_no_more_than_its_requests(open_limiter: OpenLimiter) -> None:
    limiter = open_limiter(Rates(RATE, requests_per_minute=3))
    for _ in range(3):
        limiter.acquire(1, within_seconds=1)

    with pytest.raises(Transient) as told:
        limiter.acquire(1, within_seconds=1)
    assert 50 < (told.value.retry_after_seconds or 0) <= 60.1


def test_one_call_that_is_larger_than_a_minute_goes_alone(open_limiter: OpenLimiter) -> None:
    limiter = open_limiter(Rates(RATE, tokens_per_minute=100))
    limiter.acquire(500, within_seconds=1)

    with pytest.raises(Transient):
        limiter.acquire(1, within_seconds=1)


def test_a_pause_is_for_all(open_limiter: OpenLimiter) -> None:
    limiter = open_limiter(Rates(RATE))
    limiter.pause(0.3)
    started = time.monotonic()

    limiter.acquire(1, within_seconds=5)

    assert time.monotonic() - started >= 0.25


def test_who_cannot_wait_is_told_for_how_long(open_limiter: OpenLimiter) -> None:
    limiter = open_limiter(Rates(RATE))
    limiter.pause(40)

    with pytest.raises(Transient) as told:
        limiter.acquire(1, within_seconds=0.1)
    assert 35 < (told.value.retry_after_seconds or 0) <= 40


# -- Redis alone: many processes, a lost window, a server that is gone


def _ask(url: str, out: Connection) -> None:
    limiter = RedisLimiter(broker.connect(url, timeout_seconds=30), "four", Rates(RATE))
    out.send([limiter.acquire(1, within_seconds=60) for _ in range(RATE)])


def test_four_processes_together_keep_the_limit(server: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    pipes = [spawn.Pipe(duplex=False) for _ in range(4)]
    processes = [spawn.Process(target=_ask, args=(server, out)) for _, out in pipes]
    for process in processes:
        process.start()
    moments = [moment for incoming, _ in pipes for moment in incoming.recv()]
    for process in processes:
        process.join()

    assert len(moments) == len(set(moments)) == 4 * RATE
    assert busiest(moments, 1.0) <= RATE


def test_lost_data_are_a_lost_window_and_no_more(server: str) -> None:
    client = broker.connect(server)
    limiter = RedisLimiter(client, "flushed", Rates(RATE, tokens_per_minute=10))
    limiter.acquire(10, within_seconds=1)
    client.flushall()
    client.script_flush()

    limiter.acquire(10, within_seconds=1)

    with pytest.raises(Transient):
        limiter.acquire(10, within_seconds=1)


def test_what_is_remembered_is_forgotten(server: str) -> None:
    client = broker.connect(server)
    RedisLimiter(client, "kept", Rates(RATE)).acquire(1, within_seconds=1)

    assert all(0 < int(client.pttl(key)) <= 61_000 for key in client.keys("esg:watsonx:{kept}*"))


def test_a_redis_that_is_gone_is_transient(tmp_path: Path) -> None:
    client = broker.connect(f"redis+socket://{tmp_path / 'none.sock'}", retries=1)
    limiter = RedisLimiter(client, "gone", Rates(RATE))

    for ask in (lambda: limiter.acquire(1, within_seconds=1), lambda: limiter.pause(1)):
        with pytest.raises(Transient, match="Redis"):
            ask()
