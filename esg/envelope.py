"""What a message of the fleet may be: small, JSON of one shape, signed where the fleet has a key.

A message carries references; whoever sends one seals it, whoever receives one opens it before anything of it
is executed. Later releases may say more than is known here, in headers and beside a hint's `unit`; nothing of
that acts. What Celery would act on (callbacks, chains, times of its own, limits) the fleet never sends, so a
message that has it is from someone else.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Collection, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from esg.errors import Rejected

LARGEST_BYTES = 8 * 1024  # ids and small scalars take 100; a signed URL given by hand may take some thousand
LARGEST_BODY_BYTES = 2 * LARGEST_BYTES  # what is around the arguments, and how others write JSON
LONGEST_SECONDS = 750  # that a task may be given: half of esg.settings.VISIBILITY_TIMEOUT_SECONDS
SIGNATURE = "esg_signature"  # header: "v1=" and an HMAC-SHA-256 in hexadecimal digits
CONTENT = ("application/json", "utf-8")
SEND_AGAIN = "Send it again with `esg` or `celery -A esg call`, by the settings of the fleet."

Scalar = str | int | float | bool | None
Value = Scalar | list[Scalar]


@dataclass(frozen=True, slots=True)
class Keys:
    """What messages are signed with (`signing`), and what else is taken for valid while keys change."""

    signing: str = ""
    accepted: str = ""

    @property
    def valid(self) -> tuple[str, ...]:
        return tuple(key for key in (self.signing, self.accepted) if key)


def _moment(text: str) -> str:
    """Take what Celery writes, no other form of ISO 8601: some that it reads ("") end its worker."""
    datetime.fromisoformat(text)
    return text


Seconds = Annotated[float, Field(ge=0, le=LONGEST_SECONDS)]
Moment = Annotated[
    str,
    Field(pattern=r"^[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$"),
    AfterValidator(_moment),
]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, hide_input_in_errors=True)


class Headers(_Strict):
    """Those that name a task and those that Celery acts on; any other is left alone."""

    task: Annotated[str, Field(max_length=64)]
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
    expires: Moment | None = None
    sent_at: float | str | None = None
    signature: Annotated[str, Field(max_length=128, alias=SIGNATURE)] = ""
    eta: None = None
    group: None = None
    retries: Literal[0] = 0
    timelimit: Annotated[list[Seconds | None], Field(max_length=2)] | None = None
    replaced_task_nesting: Literal[0] = 0
    stamped_headers: None = None


class Embedded(_Strict):
    """What Celery would do after the task."""

    callbacks: Annotated[list[None], Field(max_length=0)] | None = None
    errbacks: Annotated[list[None], Field(max_length=0)] | None = None
    chain: None = None
    chord: None = None


Name = Annotated[
    str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")
]  # kombu makes objects of what has `__type__`
Body = tuple[list[Value], dict[Name, Value], Embedded]
_BODY = TypeAdapter[Body](Body)


def seal(
    headers: MutableMapping[str, Any], args: Sequence[Any], kwargs: Mapping[str, Any], keys: Keys
) -> None:
    """Stamp a submission with the time, and sign; raises Rejected for a payload instead of a reference."""
    size = len(json.dumps((args, kwargs), default=str))
    if size > LARGEST_BYTES:
        raise Rejected(
            f"A message of {size} bytes was not sent.", code="message_too_large", next_step="Send references."
        )
    if "unit" not in kwargs:
        headers["sent_at"] = time.time()
    if keys.signing:
        headers[SIGNATURE] = _signature(keys.signing, headers, args, kwargs)


def open_sealed(
    headers: Any, body: Any, *, content: tuple[Any, Any], tasks: Collection[str], keys: Keys
) -> None:
    """Check a message that came from the broker; `body` is its bytes, `content` its type and encoding.

    Raises Rejected: message_not_json, message_too_large, message_malformed, message_unsigned,
    message_wrong_signature, message_unknown_task, hint_unknown_task.
    """
    if content != CONTENT or not isinstance(body, bytes):
        raise _refused("It is not JSON.", "message_not_json")
    if len(body) > LARGEST_BODY_BYTES:
        raise _refused(f"It has {len(body)} bytes.", "message_too_large")
    head, (args, kwargs, _) = _parsed(headers, body)
    if keys.valid:
        _check_signature(head, args, kwargs, keys)
    if head.task not in tasks:
        code = "hint_unknown_task" if "unit" in kwargs else "message_unknown_task"
        raise _refused("There is no such task.", code)


def _parsed(headers: Any, body: bytes) -> tuple[Headers, Body]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _refused("It is not JSON.", "message_not_json") from error
    try:
        return Headers.model_validate(headers), _BODY.validate_python(_as_body(said))
    except ValidationError as error:
        wrong = ", ".join(".".join(map(str, e["loc"])) or "all of it" for e in error.errors()[:5])
        raise _refused(f"It is none of the fleet's: {wrong[:200]}.", "message_malformed") from error


def _as_body(said: Any) -> Any:
    """JSON knows no tuple, and strict validation takes no list for one."""
    return tuple(said) if isinstance(said, list) else said


def _check_signature(head: Headers, args: Sequence[Any], kwargs: Mapping[str, Any], keys: Keys) -> None:
    if not head.signature:
        raise _refused("It is not signed.", "message_unsigned")
    signed = head.model_dump()
    given = head.signature.encode()
    expected = [_signature(key, signed, args, kwargs).encode() for key in keys.valid]
    if not any(hmac.compare_digest(given, one) for one in expected):
        raise _refused("It is signed with no key of this fleet.", "message_wrong_signature")


def _signature(key: str, headers: Mapping[str, Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    """Sign what decides what is done: which task, under which id, sent when, with which arguments.

    Over JSON of one form, since senders and brokers may write the same values in other bytes.
    """
    said = [headers["task"], headers["id"], headers.get("expires"), headers.get("sent_at"), args, kwargs]
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return "v1=" + hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def _refused(why: str, code: str) -> Rejected:
    return Rejected(f"A message was refused. {why}", code=code, next_step=SEND_AGAIN)
