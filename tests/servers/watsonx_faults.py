"""How a service goes wrong: each fault by a word, done to the answer on its way out."""

import copy
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

HANG_SECONDS = 30.0  # longer than any timeout of a test
DRIP_SECONDS = 0.05  # between two bytes


def whole(wire: BinaryIO, body: bytes) -> None:
    """Send a body as a server in good health does."""
    wire.write(body)


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes over the wire: `body` as promised by Content-Length, and how it is sent."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    send: Callable[[BinaryIO, bytes], None] = whole


def reply(status: int, answer: Any) -> Reply:
    return Reply(status, json.dumps(answer).encode())


def _refusal(status: int, code: str, **headers: str) -> Callable[[Any], Reply]:
    body = json.dumps({"errors": [{"code": code, "message": code}], "status_code": status}).encode()
    return lambda answer: Reply(status, body, {name.replace("_", "-"): v for name, v in headers.items()})


def _changed(change: Callable[[Any], Any]) -> Callable[[Any], Reply]:
    return lambda answer: reply(200, change(copy.deepcopy(answer)))


def _hang(wire: BinaryIO, body: bytes) -> None:
    del wire, body
    time.sleep(HANG_SECONDS)


def _drip(wire: BinaryIO, body: bytes) -> None:
    for i in range(len(body)):
        wire.write(body[i : i + 1])
        wire.flush()
        time.sleep(DRIP_SECONDS)


def _truncate(wire: BinaryIO, body: bytes) -> None:
    wire.write(body[: len(body) // 2])


def _without_last(answer: Any) -> Any:
    answer["results"].pop()
    return answer


def _each_vector(change: Callable[[list[float]], list[float]]) -> Callable[[Any], Any]:
    def apply(answer: Any) -> Any:
        for result in answer["results"]:
            result["embedding"] = change(result["embedding"])
        return answer

    return apply


def _say(content: str) -> Callable[[Any], Any]:
    def apply(answer: Any) -> Any:
        answer["choices"][0]["message"]["content"] = content
        return answer

    return apply


def _cut_off(answer: Any) -> Any:
    answer["choices"][0]["finish_reason"] = "length"
    return answer


FAULTS: Mapping[str, Callable[[Any], Reply]] = {
    "401": _refusal(401, "authentication_token_expired"),
    "403": _refusal(403, "authorization_rejected"),
    "429": _refusal(429, "rate_limit_reached"),
    "429 after 1 s": _refusal(429, "rate_limit_reached", Retry_After="1"),
    "429 after 1 h": _refusal(429, "rate_limit_reached", Retry_After="3600"),
    "500": _refusal(500, "internal_error"),
    "503": _refusal(503, "service_unavailable"),
    "hang": lambda answer: Reply(200, json.dumps(answer).encode(), send=_hang),
    "drip": lambda answer: Reply(200, json.dumps(answer).encode(), send=_drip),
    "truncated": lambda answer: Reply(200, json.dumps(answer).encode(), send=_truncate),
    "malformed": lambda answer: Reply(200, json.dumps(answer).encode()[:-2]),
    "html": lambda answer: Reply(200, b"<!DOCTYPE html><title>Sign in</title>"),
    "empty": _changed(lambda answer: {}),
    "missing vector": _changed(_without_last),
    "wrong dimension": _changed(_each_vector(lambda row: row[:-1])),
    "nan": _changed(_each_vector(lambda row: [float("nan"), *row[1:]])),
    "zero": _changed(_each_vector(lambda row: [0.0] * len(row))),
    "huge": _changed(_each_vector(lambda row: [1e9 * x for x in row])),
    "text for numbers": _changed(_each_vector(lambda row: ["0.1"] * len(row))),  # type: ignore[list-item]
    "no JSON": _changed(_say("I am sorry, but I cannot.")),
    "other schema": _changed(_say('{"somethingelse": [1, 2]}')),
    "cut off": _changed(_cut_off),
}
