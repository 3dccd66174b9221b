"""The broker → gauges: what lies in it now, beside what SQL says of the same queues."""

from collections.abc import Callable, Iterator

import redis
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from esg import broker
from esg.errors import EsgError
from esg.state import QUEUES

PREFIX = "esg:"  # celeryconfig's global_keyprefix


class BrokerCollector(Collector):
    """Asks at every scrape; a broker that is away is told of and keeps nothing else from being told."""

    def __init__(self, find_url: Callable[[], str]) -> None:
        """`find_url` gives the broker's URL of now, or "" while none runs."""
        self._find_url = find_url

    def describe(self) -> Iterator[Metric]:
        """Say nothing at registration: the broker is not asked before the first scrape."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("esg_broker_up", "Whether the broker answered this scrape.")
        messages = GaugeMetricFamily(
            "esg_broker_messages", "Messages that no worker has taken.", labels=["queue"]
        )
        unacked = GaugeMetricFamily(
            "esg_broker_unacked", "Messages that a worker has taken and not yet confirmed."
        )
        try:
            waiting, taken = self._look()
        except (EsgError, redis.RedisError, OSError):
            up.add_metric([], 0)
        else:
            up.add_metric([], 1)
            unacked.add_metric([], taken)
            for queue, count in zip(QUEUES, waiting, strict=True):
                messages.add_metric([queue], count)
        yield from (up, messages, unacked)

    def _look(self) -> tuple[list[int], int]:
        """Count the messages of each queue, and those that are taken; in one round trip."""
        url = self._find_url()
        if not url:
            raise OSError("no broker runs")
        with broker.connect(url, retries=0) as client, client.pipeline(transaction=False) as pipe:
            for queue in QUEUES:
                pipe.llen(f"{PREFIX}{queue}")
            pipe.hlen(f"{PREFIX}unacked")
            *waiting, taken = pipe.execute()
        return waiting, taken
