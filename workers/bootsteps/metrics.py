"""Serves /metrics of a worker and its children on loopback; where is in `run/<name>/metrics.url`."""

import os
import shutil
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from celery import bootsteps
from prometheus_client import CollectorRegistry, Counter
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import REGISTRY, Collector

from esg.celery import app
from esg.settings import Settings
from workers.bootsteps.liveness import is_prefork
from workers.presence import Presence, is_alive
from workers.scraped import serve_metrics

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
CONNECTIONS = Counter("esg_worker_broker_connections_total", "Times the worker connected to its broker.")


class Metrics(bootsteps.StartStopStep):
    """The server, a thread of the main process."""

    def start(self, worker: Any) -> None:
        settings = Settings()
        presence = Presence(settings.home, worker.hostname)
        registry = _registry(worker, presence)
        serve_metrics(settings, presence, registry)


class Connected(bootsteps.StartStopStep):
    """Counts connections: this step of the consumer starts anew with each."""

    requires = ("celery.worker.consumer.connection:Connection",)

    def start(self, consumer: Any) -> None:
        del consumer
        CONNECTIONS.inc()


class Processes(Collector):
    """What only a look at the processes tells, at the time of a scrape."""

    def __init__(self, worker: Any, presence: Presence) -> None:
        self._worker = worker
        self._presence = presence
        self._started_at = time.time()

    def collect(self) -> Iterator[Metric]:
        children = self._presence.children()
        wanted = self._worker.concurrency if is_prefork(self._worker) else 0  # threads are no children
        yield GaugeMetricFamily("esg_worker_children", "Processes it should have.", wanted)
        yield GaugeMetricFamily("esg_worker_children_ready", "Processes ready for a task.", len(children))
        memory = GaugeMetricFamily("esg_worker_rss_bytes", "Resident memory.", labels=["process"])
        memory.add_metric(["main"], _rss_bytes(os.getpid()))
        memory.add_metric(["children"], sum(map(_rss_bytes, children)))
        yield memory
        disk = shutil.disk_usage(self._presence.home)
        yield GaugeMetricFamily("esg_disk_size_bytes", "Size of the disk that ESG_HOME is on.", disk.total)
        yield GaugeMetricFamily("esg_disk_free_bytes", "What is free there.", disk.free)
        yield GaugeMetricFamily("esg_worker_start_timestamp", "When the worker started.", self._started_at)
        build = GaugeMetricFamily("esg_build_info", "What runs here.", labels=["version"])
        build.add_metric([version("esg-engine")], 1)
        yield build


def _registry(worker: Any, presence: Presence) -> CollectorRegistry:
    """Sum over the children where they share a folder (`python -m workers`), else show this process."""
    processes = Processes(worker, presence)
    if FOLDER not in os.environ:
        REGISTRY.register(processes)
        return REGISTRY
    registry = CollectorRegistry()
    registry.register(Living(registry))  # type: ignore[no-untyped-call]
    registry.register(processes)
    return registry


class Living(MultiProcessCollector):
    """Sums that leave out the gauges of children that are gone, however they went."""

    def collect(self) -> Any:
        for path in Path(os.environ[FOLDER]).glob("gauge_live*.db"):
            pid = int(path.stem.rpartition("_")[2])
            if not is_alive(pid):
                mark_process_dead(pid)  # type: ignore[no-untyped-call]
        return super().collect()  # type: ignore[no-untyped-call]


def _rss_bytes(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


app.steps["worker"].add(Metrics)
app.steps["consumer"].add(Connected)
