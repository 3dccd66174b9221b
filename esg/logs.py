"""Log records → one JSON object a line, keys in the order of DESIGN §4.

Who knows the request or the task binds it once (`with bind(request_id=…)`); every record inside carries it.
A message must hold no document text; of an exception only its type and place are written, and its words
when they are our own.
"""

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO

from esg.errors import EsgError

ALWAYS = ("request_id", "trace_id")
HTTP = ("method", "path", "status_code")
TASK = ("stage", "queue", "task_id", "document_id", "outcome")
FIELDS = (*ALWAYS, *HTTP, *TASK, "duration_ms")

_bound: ContextVar[dict[str, object]] = ContextVar("esg_log_fields", default={})  # noqa: B039 (never mutated)


@contextmanager
def bind(**fields: object) -> Iterator[None]:
    """Give every record written inside, in this task or thread, these fields."""
    token = _bound.set(_bound.get() | fields)
    try:
        yield
    finally:
        _bound.reset(token)


class JsonFormatter(logging.Formatter):
    """One record as one line of ASCII JSON."""

    def format(self, record: logging.LogRecord) -> str:
        known = _bound.get() | {k: v for k, v in record.__dict__.items() if k in FIELDS}
        line: dict[str, object] = {
            "@timestamp": _timestamp(record.created),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {key: known.get(key, "") for key in ALWAYS}
        line |= {key: known[key] for key in FIELDS if key in known and key not in ALWAYS}
        if record.exc_info and record.exc_info[1]:
            line["exception"] = _describe(record.exc_info[1])
        return json.dumps(line, default=str)


def configure(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Let the root logger write JSON lines to `stream` (standard error), and nothing else."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())


def _timestamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _describe(error: BaseException) -> str:
    words = f": {error}" if isinstance(error, EsgError) else ""
    places = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
    return f"{type(error).__name__}{words} at {' < '.join(reversed(places))}"
