"""What Celery says when it is told to stop, as a line of the log: it writes plain words past all logging.

It does so inside a signal's handler, where logging is not safe, so the line is made here and written at once.
"""

import logging
import os
from typing import Any

from celery.apps import worker

from esg.logs import JsonFormatter

STANDARD_ERROR = 2
_formatter = JsonFormatter()


def say(words: str, _file: Any = None) -> None:
    """Write a line of the log."""
    record = logging.LogRecord("celery.apps.worker", logging.INFO, __file__, 0, words.strip(), (), None)
    os.write(STANDARD_ERROR, f"{_formatter.format(record)}\n".encode())


worker.safe_say = say  # type: ignore[attr-defined]  # not in its type stubs
