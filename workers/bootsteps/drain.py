"""SIGTERM: finish what ends soon, give back the rest, exit 0.

Celery's warm shutdown waits for the tasks under way, however long; its soft shutdown waits a fixed time, even
for nothing. This is the warm one with a limit: then the worker sends itself SIGQUIT, Celery ends the bodies
(SystemExit), and StageTask gives their stage runs back, not counted as lost.
"""

import logging
import os
import signal
import threading
from typing import Any

from celery.signals import worker_shutting_down

from esg.settings import Settings

log = logging.getLogger(__name__)


@worker_shutting_down.connect(weak=False)
def limit(how: str = "", **_: Any) -> None:
    """Give a warm shutdown an end."""
    if how == "Warm":
        timer = threading.Timer(Settings().drain_seconds, os.kill, (os.getpid(), signal.SIGQUIT))
        timer.daemon = True  # a worker that is done does not wait for it
        timer.start()
