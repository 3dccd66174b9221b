"""The broker → Prometheus: whether it answers, what lies in it, and how much of its memory that takes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import redis
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from esg import broker
from esg.errors import EsgError
from esg.state import QUEUES

PREFIX = "esg:"  # celeryconfig's global_keyprefix
TIMEOUT_SECONDS = 1.0  # a scrape has ten, and must tell of the database, too


@dataclass(frozen=True, slots=True)
class Seen:
    """What one look found: messages by queue, those that a worker has taken, bytes used and allowed."""

    waiting: tuple[int, ...]
    taken: int
    used: int
    limit: int


class BrokerCollector(Collector):
    """Asks at every scrape; a broker that is away is told of and keeps nothing else from being told."""

    def __init__(self, find_url: Callable[[], str]) -> None:
        """`find_url` gives the broker's URL of now, or "" while none runs."""
        self._find_url = find_url

    def describe(self) -> Iterator[Metric]:
        """Say nothing at registration: the broker is not asked before the first scrape."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        seen = self._seen()
        yield GaugeMetricFamily(
            "esg_broker_up", "Whether the broker answered this scrape.", float(seen is not None)
        )
        messages = GaugeMetricFamily(
            "esg_broker_messages", "Messages that no worker has taken.", labels=["queue"]
        )
        gauges = {
            "taken": ("esg_broker_unacked", "Messages that a worker has taken and not yet confirmed."),
            "used": ("esg_broker_memory_bytes", "Memory that the broker's data takes."),
            "limit": ("esg_broker_memory_limit_bytes", "Memory it may take; 0 where nothing limits it."),
        }
        for queue, count in zip(QUEUES, seen.waiting if seen else (), strict=seen is not None):
            messages.add_metric([queue], count)
        yield messages
        for field, (name, what) in gauges.items():
            family = GaugeMetricFamily(name, what)
            if seen:
                family.add_metric([], getattr(seen, field))
            yield family

    def _seen(self) -> Seen | None:
        """Look once; None where nobody answers."""
        url = self._find_url()
        if not url:
            return None
        try:
            with broker.connect(url, timeout_seconds=TIMEOUT_SECONDS, retries=0) as client:
                with client.pipeline(transaction=False) as pipe:
                    for queue in QUEUES:
                        pipe.llen(f"{PREFIX}{queue}")
                    pipe.hlen(f"{PREFIX}unacked")
                    *waiting, taken = pipe.execute()
                memory = _memory(client)
        except (redis.RedisError, EsgError, OSError, ValueError):
            return None
        return Seen(tuple(waiting), taken, int(memory.get("used_memory", 0)), int(memory.get("maxmemory", 0)))


def _memory(client: redis.Redis) -> dict[str, Any]:
    """Nothing for a broker that knows no such question, as the one in pure Python."""
    try:
        return client.info("memory")
    except redis.RedisError:
        return {}
