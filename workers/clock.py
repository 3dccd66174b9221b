"""Beat's scheduler: shows on disk and by /metrics that it turns and that the broker takes its messages."""

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from celery.beat import Scheduler
from prometheus_client import Counter, Gauge

from esg.settings import Settings
from workers.presence import About, Presence
from workers.scraped import serve_metrics

FIRED = Counter("esg_beat_fired_total", "Entries of beat whose time had come.", ("entry", "outcome"))
LAST_TURN = Gauge(
    "esg_beat_last_turn_timestamp", "When beat last looked at its table.", multiprocess_mode="mostrecent"
)


class Clock(Scheduler):
    """Celery's own; `run/beat-HOST-PROCESS/` has `alive`, touched at each turn, and `sent`."""

    def tick(self, *args: Any, **options: Any) -> Any:
        seconds = super().tick(*args, **options)
        self.presence.touch("alive")
        LAST_TURN.set_to_current_time()
        return seconds

    def apply_async(self, entry: Any, *args: Any, **options: Any) -> Any:
        """Send what is due; raises where the broker does not take it."""
        outcome = "failed"
        try:
            sent = super().apply_async(entry, *args, **options)
            outcome = "sent"
        finally:
            FIRED.labels(entry.name, outcome).inc()
        self.presence.touch("sent")
        return sent

    @property
    def presence(self) -> Presence:
        """Made by the first turn: who only loads the scheduler shows nothing."""
        if not hasattr(self, "_presence"):
            self._presence = _begin(Settings().home)
        return self._presence


def _begin(home: Path) -> Presence:
    for left in _left_behind(home):
        shutil.rmtree(left, ignore_errors=True)
    presence = Presence(home, f"beat-{socket.gethostname()}-{os.getpid()}")
    presence.begin()
    presence.describe("beat")
    serve_metrics(Settings(), presence)
    return presence


def _left_behind(home: Path) -> Iterator[Path]:
    """Folders of beats of this host that are no more."""
    for folder in (home / "run").glob("beat-*"):
        about = About.read(folder)
        if about and about.is_here and not about.is_alive:
            yield folder
