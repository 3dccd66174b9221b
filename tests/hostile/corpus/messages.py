"""What lies on the broker: envelopes of Celery's that lie, pickles, payloads, orders for tasks that are none.

A message is the text of an element of a queue's list in Redis (kombu's virtual transport, protocol 2).
"""

import base64
import json
import pickle
from collections.abc import Iterator
from typing import Any

from tests.hostile.case import Case, case
from tests.hostile.corpus.labels import WRONG
from tests.hostile.corpus.words import HOSTILE, LONG

TASK = "ingest.document"
ID = "0b9a5e9c-6f0f-4c39-9a08-3f4e0e0f7a11"


def message(args: Any = (), kwargs: Any = None, embed: Any = None, **headers: Any) -> dict[str, Any]:
    """An envelope as a client of the fleet sends it."""
    body = json.dumps([args, {"unit": ID} if kwargs is None else kwargs, embed or {}])
    return {
        "body": base64.b64encode(body.encode()).decode(),
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": {"lang": "py", "task": TASK, "id": ID, "root_id": ID, "parent_id": None, "group": None, "retries": 0, "eta": None, "expires": None, "timelimit": [None, None], "argsrepr": "()", "kwargsrepr": "{}", "origin": "x", **headers},
        "properties": {"correlation_id": ID, "reply_to": ID, "delivery_mode": 2, "delivery_info": {"exchange": "ingest", "routing_key": "ingest"}, "priority": 0, "body_encoding": "base64", "delivery_tag": ID},
    }  # fmt: skip


def cases() -> Iterator[Case]:
    yield _case("hint", "a plain hint: what mutants begin with", message())
    yield _case(
        "submission",
        "a plain submission",
        message(kwargs={"source": "/nowhere.pdf", "company": "Acme", "year": 2024}),
    )
    yield from _tasks()
    yield from _bodies()
    yield from _envelopes()


def _case(name: str, aim: str, sent: Any) -> Case:
    return case(name, aim, json.dumps(sent))


def _tasks() -> Iterator[Case]:
    for task in (
        "no.such",
        "",
        "os.system",
        "celery.chord",
        "celery.backend_cleanup",
        "celery.accumulate",
        "control.sweep",
        "embed.batch",
        None,
        7,
        [],
        {},
        *HOSTILE,
    ):
        yield _case(
            f"task {str(task)[:16]!r}", "a task that is none, or not to be called", message(task=task)
        )
    for field in (
        "id",
        "root_id",
        "retries",
        "eta",
        "expires",
        "timelimit",
        "group",
        "lang",
        "argsrepr",
        "shadow",
        "chain",
        "ignore_result",
        "replaced_task_nesting",
        "stamps",
        "traceparent",
        "sent_at",
    ):
        for number, value in enumerate(
            (
                "",
                -1,
                10**30,
                [],
                {},
                True,
                None,
                "x" * 9000,
                "9999-99-99",
                HOSTILE[0],
                [1, 2, 3],
                {"a": [None]},
            )
        ):
            yield _case(f"header {field} {number}", "a header of the wrong kind", message(**{field: value}))


def _bodies() -> Iterator[Case]:
    for number, kwargs in enumerate(
        ([], "x", 7, {"unit": 7}, {"unit": None}, {"unit": "x" * 9000}, {"unit": {"a": 1}}, {"source": 1}, {"source": LONG}, {"sources": []},
         {"source": "file:///etc/passwd"}, {"source": "http://169.254.169.254/x"}, {"source": "x", "year": "y"}, {"source": "x", "rubric": "../../x"}, *({"source": text} for text in HOSTILE))
    ):  # fmt: skip
        yield _case(f"kwargs {number}", "arguments that make no sense", message(kwargs=kwargs))
    for number, args in enumerate(("x", 7, None, {}, list(range(999)), [[[]]])):
        yield _case(f"args {number}", "arguments that make no sense", message(args=args))
    for number, embed in enumerate(
        (
            7,
            [],
            {"callbacks": [{"task": "os.system", "args": ["id"]}]},
            {"errbacks": 1},
            {"chain": [{}]},
            {"chord": "x"},
        )
    ):
        yield _case(f"embed {number}", "what is to be called afterwards", message(embed=embed))
    for number, value in enumerate((*WRONG, "", "{", "[1,2]", "[[],{}]", "[" * 100_000)):
        sent = message()
        sent["body"] = base64.b64encode(value.encode()).decode()
        yield _case(f"call {number}", "a body that is no call", sent)


def _envelopes() -> Iterator[Case]:
    sent = message()
    evil = base64.b64encode(pickle.dumps(((), {"unit": ID}, {}))).decode()
    for kind in (
        "application/x-python-serialize",
        "application/x-yaml",
        "application/x-msgpack",
        "application/data",
        "text/plain",
        "",
        "application/json; x",
        None,
        7,
    ):
        yield _case(f"kind {kind!r}", "a body of another kind", {**sent, "body": evil, "content-type": kind})
    for encoding in ("utf-7", "zlib", "rot13", "binary", "", None, 7, "klingon"):
        yield _case(f"encoding {encoding!r}", "an encoding that lies", {**sent, "content-encoding": encoding})
    for field in ("body", "headers", "properties", "content-type", "content-encoding"):
        yield _case(
            f"no {field}",
            "an envelope without a part",
            {key: value for key, value in sent.items() if key != field},
        )
        for number, value in enumerate((None, 7, [], "x", {"x": 1})):
            yield _case(f"{field} {number}", "a part of the wrong kind", {**sent, field: value})
    for field in (
        "delivery_info",
        "delivery_tag",
        "body_encoding",
        "priority",
        "reply_to",
        "correlation_id",
        "delivery_mode",
    ):
        for number, value in enumerate((None, 7, [], {}, "x" * 9000, HOSTILE[0])):
            yield _case(
                f"property {field} {number}",
                "a property of the wrong kind",
                {**sent, "properties": {**sent["properties"], field: value}},
            )
    yield case("no JSON", "no envelope", b"\x80\x04junk")
    yield case("number", "an envelope that is a number", b"7")
    yield case("depth", "lists deeper than Python goes", b"[" * 100_000)
    yield case("nothing", "an empty message", b"")
    yield _case("compressed", "a bomb in the body", message(compression="application/x-gzip"))
    yield _case("large", "a payload of a megabyte", message(kwargs={"source": "x" * 10**6}))
