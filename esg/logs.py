"""Log records → one JSON object a line, keys in the order of DESIGN §4.

Who knows the request or the task binds it once (`with bind(request_id=…)`); every record inside carries it.
A message must hold no document text; of an exception only its type and place are written, and its words
when they are our own, wherever a library puts them. Secrets are taken out of every value (esg/redact.py).
"""

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from copy import copy
from datetime import UTC, datetime
from typing import TextIO

from esg.errors import EsgError
from esg.redact import clean

ALWAYS = ("request_id", "trace_id")
HTTP = ("method", "path", "status_code")
TASK = ("stage", "queue", "task_id", "document_id", "outcome")
SHORTEST_WORDS = 4  # of an exception; shorter ones are in ordinary words
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
            "message": _message(record),
        }
        line |= {key: known.get(key, "") for key in ALWAYS}
        line |= {key: known[key] for key in FIELDS if key in known and key not in ALWAYS}
        if record.exc_info and record.exc_info[1]:
            line["exception"] = _describe(record.exc_info[1])
        return json.dumps({key: _clean(value) for key, value in line.items()}, default=str)


def configure(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Let the root logger write JSON lines to `stream` (standard error), and nothing else."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.captureWarnings(True)
    for logger in root.manager.loggerDict.values():  # some bring a handler, and a format, of their own
        if isinstance(logger, logging.Logger):
            logger.handlers[:] = []
            logger.propagate = True


def _timestamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _message(record: logging.LogRecord) -> str:
    """The message; an exception that is not ours is its type there: its words may be those of a document."""
    message = _quiet(record).getMessage()
    for error in _chain(record.exc_info[1] if record.exc_info else None):
        for words in sorted({repr(error), str(error)}, key=len, reverse=True):
            if len(words) >= SHORTEST_WORDS:
                message = message.replace(words, type(error).__name__)
    return message


def _quiet(record: logging.LogRecord) -> logging.LogRecord:
    """The record, each exception among its arguments by its type."""
    args = record.args
    if isinstance(args, tuple) and any(map(_is_foreign, args)):
        record = copy(record)
        record.args = tuple(type(arg).__name__ if _is_foreign(arg) else arg for arg in args)
    return record


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and those it came from, but for our own."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if _is_foreign(error):
            yield error
        error = error.__cause__ or error.__context__


def _is_foreign(value: object) -> bool:
    return isinstance(value, BaseException) and not isinstance(value, EsgError)


def _clean(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


def _describe(error: BaseException) -> str:
    words = f": {error}" if isinstance(error, EsgError) else ""
    places = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
    return f"{type(error).__name__}{words} at {' < '.join(reversed(places))}"
