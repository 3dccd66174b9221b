"""Commit → hint: publish what a submission has made due, beside the request and never in its way.

Publishing is a courtesy: a job is accepted when SQL has it, and the fleet's sweeper publishes whatever we
could not. So the producer fails fast (FLEET §0.9) and its failures are logged, not answered.
"""

import logging
import threading

from api.metrics import Metrics
from esg import broker
from esg.celery import Fleet
from esg.errors import EsgError
from esg.resources import Resources
from esg.settings import Settings
from tasks.dispatch import dispatch

FAIL_FAST = {"socket_timeout": 2, "socket_connect_timeout": 2}  # seconds
PAUSE_SECONDS = 0.05  # submissions that come together are published together

logger = logging.getLogger("esg.api")


class Publisher:
    """One thread that wakes when a job was accepted."""

    def __init__(self, resources: Resources, metrics: Metrics) -> None:
        self._resources = resources
        self._metrics = metrics
        self._due = threading.Event()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)
        self._apps: dict[str, Fleet] = {}

    def start(self) -> None:
        self._thread.start()

    def nudge(self) -> None:
        """Say that something is due; returns at once."""
        self._due.set()

    def stop(self) -> None:
        """Publish what is due and end."""
        self._stopped.set()
        self._due.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def publish(self) -> str:
        """Publish once; say what came of it: published, nothing, no_broker or failed."""
        url = url_of(self._resources.settings)
        if not url:
            return "no_broker"
        try:
            return "published" if dispatch(self._app(url), self._resources.state) else "nothing"
        except EsgError as error:
            logger.warning("hints are left to the sweeper: %s", error)
            return "failed"

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._due.wait()
            self._stopped.wait(PAUSE_SECONDS)
            self._due.clear()
            try:
                outcome = self.publish()
            except (
                Exception
            ):  # the thread must outlive any broker's mood; the sweeper does the work meanwhile
                logger.exception("publishing failed")
                outcome = "failed"
            self._metrics.published.labels(outcome).inc()

    def _app(self, url: str) -> Fleet:
        """An application for one broker: a restarted embedded one may have another address."""
        if url not in self._apps:
            app = Fleet("esg-api", broker=url)
            app.config_from_object("celeryconfig")
            app.conf.update(broker_transport_options=app.conf.broker_transport_options | FAIL_FAST)
            self._apps = {url: app}
        return self._apps[url]


def url_of(settings: Settings) -> str:
    """The broker that is configured or runs for this home; the API starts none."""
    if settings.broker:
        return broker.ensure(settings)
    endpoint = broker.running(settings)
    return endpoint.url if endpoint else ""
