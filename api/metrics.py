"""Requests and state → Prometheus: what this process saw, and what SQL says when it is scraped."""

import platform
from collections.abc import Callable, Iterator
from importlib.metadata import version

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from api.broker_metrics import BrokerCollector
from esg.errors import EsgError
from esg.resources import Resources
from esg.state import QUEUES, UnitState

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
disable_created_metrics()  # type: ignore[no-untyped-call]  # they double the series and say nothing here

WAITING = (UnitState.PENDING, UnitState.QUEUED)


class Metrics:
    """The families of one API process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.requests = Counter(
            "esg_api_requests_total",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "esg_api_request_seconds",
            "Time to the last byte of an answer.",
            ("method", "route"),
            buckets=SECONDS,
            registry=self.registry,
        )
        self.open = Gauge("esg_api_open_requests", "Requests being answered now.", registry=self.registry)
        self.uploads = Counter(
            "esg_api_upload_bytes_total", "Bytes of reports taken in.", registry=self.registry
        )
        self.refused = Counter(
            "esg_api_refused_total", "Submissions refused.", ("reason",), registry=self.registry
        )
        self.limited = Counter(
            "esg_api_limited_total", "Requests over a rate limit.", ("by",), registry=self.registry
        )
        self.rates_shared = Gauge(
            "esg_api_rates_shared",
            "Whether rate limits are counted in Redis; else each process counts for itself.",
            registry=self.registry,
        )
        self.published = Counter(
            "esg_api_published_total",
            "Hints this process tried to publish.",
            ("outcome",),
            registry=self.registry,
        )
        build = Gauge(
            "esg_build_info", "What runs.", ("component", "version", "python"), registry=self.registry
        )
        build.labels("api", version("esg-engine"), platform.python_version()).set(1)

    def observe_state(self, resources: Resources) -> None:
        """Read the state's counts at every scrape."""
        self.registry.register(StateCollector(resources))

    def observe_broker(self, find_url: Callable[[], str]) -> None:
        """Ask the broker how it is, and what lies in it, at every scrape."""
        self.registry.register(BrokerCollector(find_url))


class StateCollector(Collector):
    """Counts that are facts of the database, so that every API process tells the same."""

    def __init__(self, resources: Resources) -> None:
        self.resources = resources

    def describe(self) -> Iterator[Metric]:
        """Say nothing at registration: the database is not asked before the first scrape."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("esg_state_up", "Whether the database answered this scrape.")
        try:
            families = list(self._families())
        except EsgError:
            families = []
        up.add_metric([], float(bool(families)))
        yield from (up, *families)

    def _families(self) -> Iterator[Metric]:
        state = self.resources.state
        depth = GaugeMetricFamily("esg_queue_depth", "Stage runs waiting.", labels=["queue"])
        active = GaugeMetricFamily("esg_queue_active", "Stage runs being worked on.", labels=["queue"])
        stages = state.stage_counts()
        for queue in sorted(QUEUES):  # also those that are empty: an alert needs a series that ends
            counts = stages.get(queue, {})
            depth.add_metric([queue], sum(counts.get(waiting, 0) for waiting in WAITING))
            active.add_metric([queue], counts.get(UnitState.LEASED, 0))
        age = GaugeMetricFamily(
            "esg_queue_oldest_age_seconds", "Age of the oldest stage run waiting.", labels=["queue"]
        )
        oldest = state.oldest_seconds()
        for queue in sorted(QUEUES):
            age.add_metric([queue], oldest.get(queue, 0.0))
        documents = GaugeMetricFamily("esg_documents", "Documents by state.", labels=["state"])
        for name, count in sorted(state.document_counts().items()):
            documents.add_metric([name], count)
        yield from (depth, active, age, documents)
        success = GaugeMetricFamily(
            "esg_beat_last_success_timestamp",
            "When an entry of the schedule last came to a good end.",
            labels=["entry"],
        )
        for name, fired in sorted(state.fired().items()):
            if fired.succeeded_at:
                success.add_metric([name], fired.succeeded_at.timestamp())
        yield success
        yield _gauge("esg_backlog", "Stage runs that are not over.", state.backlog())
        yield _gauge("esg_dead_letters", "Dead letters nobody dealt with.", state.dead_letter_count())
        lag = state.outbox_lag_seconds()
        yield _gauge("esg_outbox_lag_seconds", "Age of the oldest hint that is not published.", lag)


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)
