"""The broker → Prometheus: whether it answers, and how much of its memory is taken, at every scrape."""

from collections.abc import Callable, Iterator

import redis
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from esg import broker
from esg.errors import EsgError

TIMEOUT_SECONDS = 1.0  # a scrape has ten, and must tell of the database, too


class BrokerCollector(Collector):
    """A broker that is full takes no message, and says so to the publisher alone."""

    def __init__(self, find_url: Callable[[], str]) -> None:
        self._find_url = find_url

    def describe(self) -> Iterator[Metric]:
        """Say nothing at registration: the broker is not asked before the first scrape."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        memory = self._memory()
        yield GaugeMetricFamily(
            "esg_broker_up", "Whether the broker answered this scrape.", float(memory is not None)
        )
        used, limit = memory or (0, 0)
        yield GaugeMetricFamily("esg_broker_memory_bytes", "Memory that the broker's data takes.", used)
        yield GaugeMetricFamily(
            "esg_broker_memory_limit_bytes", "Memory it may take; 0 where nothing limits it.", limit
        )

    def _memory(self) -> tuple[int, int] | None:
        """What is used and what is allowed; None where nobody answers."""
        try:
            with broker.connect(self._find_url(), timeout_seconds=TIMEOUT_SECONDS, retries=0) as client:
                client.ping()
                return _taken(client)
        except (redis.RedisError, EsgError, OSError, ValueError):
            return None


def _taken(client: redis.Redis) -> tuple[int, int]:
    """Zeros for a broker that knows no such question, as the one in pure Python."""
    try:
        told = client.info("memory")
    except redis.RedisError:
        return 0, 0
    return int(told.get("used_memory", 0)), int(told.get("maxmemory", 0))
