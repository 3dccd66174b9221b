"""Rate limits: Redis and a process alone grant the same requests."""

import threading
import time
from collections.abc import Iterator

import pytest
import redis
from prometheus_client import generate_latest

from api.metrics import Metrics
from api.rates import ProcessRates, Rates, RedisRates, SharedRates, Taken
from esg import broker
from esg.settings import Settings

DEAD = "redis://127.0.0.1:9/0"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    yield broker.ensure(settings)
    broker.stop(settings)


@pytest.fixture(params=["process", "redis"])
def rates(request: pytest.FixtureRequest) -> Rates:
    if request.param == "process":
        return ProcessRates()
    client = broker.connect(request.getfixturevalue("url"))
    client.flushdb()
    return RedisRates(client)


def test_a_minutes_requests_may_come_at_once_and_no_more(rates: Rates) -> None:
    taken = [rates.take("ann", 5) for _ in range(7)]

    assert [one.is_granted for one in taken] == [True] * 5 + [False] * 2
    assert [one.remaining for one in taken] == [4, 3, 2, 1, 0, 0, 0]
    assert {one.per_minute for one in taken} == {5}
    assert all(one.wait_seconds == 0 for one in taken[:5])
    assert all(10 < one.wait_seconds <= 12 for one in taken[5:])
    assert all(50 < one.whole_seconds <= 60 for one in taken[4:])


def test_quotas_do_not_touch_each_other(rates: Rates) -> None:
    assert not [rates.take("ann", 1) for _ in range(2)][-1].is_granted
    assert rates.take("ben", 1).is_granted


def test_a_quota_fills_up_evenly(rates: Rates) -> None:
    per_minute = 600  # one in a tenth of a second
    assert sum(rates.take("ann", per_minute).is_granted for _ in range(per_minute)) == per_minute
    until = time.monotonic() + 5
    while not (taken := rates.take("ann", per_minute)).is_granted and time.monotonic() < until:
        time.sleep(taken.wait_seconds)

    assert taken.is_granted
    assert not [rates.take("ann", per_minute) for _ in range(20)][-1].is_granted


def test_many_at_once_get_no_more_than_one_after_another(rates: Rates) -> None:
    granted: list[Taken] = []

    def ask() -> None:
        granted.extend(taken for _ in range(10) if (taken := rates.take("ann", 30)).is_granted)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(granted) == 30


def test_what_redis_keeps_ends_by_itself(url: str) -> None:
    client = broker.connect(url)
    RedisRates(client).take("ann", 600)

    assert 0 < client.pttl("esg:rate:ann") <= 60_000


def test_without_redis_each_process_counts_and_the_metrics_say_so() -> None:
    metrics = Metrics()
    rates = SharedRates(lambda: DEAD, metrics)

    assert [rates.take("ann", 2).is_granted for _ in range(3)] == [True, True, False]
    assert b"esg_api_rates_shared 0.0" in generate_latest(metrics.registry)


def test_with_redis_processes_count_together(url: str) -> None:
    metrics = Metrics()
    one, other = (SharedRates(lambda: url, metrics) for _ in range(2))

    assert [rates.take("cy", 2).is_granted for rates in (one, other, one)] == [True, True, False]
    assert b"esg_api_rates_shared 1.0" in generate_latest(metrics.registry)


def test_a_dead_redis_is_said_by_its_own_adapter() -> None:
    with pytest.raises(redis.RedisError):
        RedisRates(broker.connect(DEAD, retries=0)).take("ann", 1)
