"""Logs: one JSON object a line, in the stated order, telling nothing of what a document says."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from esg import logs
from esg.errors import Rejected


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure("info", stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


def read(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_request_line_has_the_keys_in_order(lines: io.StringIO) -> None:
    with logs.bind(request_id="r1", trace_id="t1"):
        fields = {"duration_ms": 1.5, "status_code": 200, "path": "/health", "method": "GET"}
        logging.getLogger("esg.api").info("answered", extra=fields)

    (line,) = read(lines)
    assert list(line) == [
        "@timestamp",
        "level",
        "logger",
        "message",
        "request_id",
        "trace_id",
        "method",
        "path",
        "status_code",
        "duration_ms",
    ]
    assert str(line["@timestamp"]).endswith("Z")


def test_a_task_line_has_the_keys_in_order(lines: io.StringIO) -> None:
    with logs.bind(trace_id="t1", stage="embed", queue="embed", task_id="7", document_id="d"):
        logging.getLogger("esg.tasks").info("done", extra={"outcome": "done", "duration_ms": 2})

    (line,) = read(lines)
    assert list(line)[4:] == [
        "request_id",
        "trace_id",
        "stage",
        "queue",
        "task_id",
        "document_id",
        "outcome",
        "duration_ms",
    ]


def test_what_was_bound_is_forgotten_outside(lines: io.StringIO) -> None:
    with logs.bind(request_id="r1"):
        pass
    logging.getLogger("x").warning("later")
    assert read(lines)[0]["request_id"] == ""


def test_hostile_words_stay_on_one_line(lines: io.StringIO) -> None:
    logging.getLogger("x").info("a\nb\u2028c\x1b[31m")
    assert lines.getvalue().count("\n") == 1
    assert lines.getvalue().isascii()
    assert "\x1b" not in lines.getvalue()


def test_an_exception_tells_type_and_place_but_not_foreign_words(lines: io.StringIO) -> None:
    for error in (KeyError("a sentence of the report"), Rejected("The file is empty.", code="empty")):
        try:
            raise error
        except Exception:
            logging.getLogger("x").exception("failed")

    foreign, own = read(lines)
    assert "KeyError" in str(foreign["exception"])
    assert "test_logs.py" in str(foreign["exception"])
    assert "sentence" not in str(foreign["exception"])
    assert "The file is empty." in str(own["exception"])
