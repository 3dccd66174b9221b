"""What lies in a queue and is no message becomes one that says so, instead of ending the worker.

Kombu takes what it reads from Redis for an envelope of its own: text that is no JSON, or JSON of another
shape, raises inside Celery's event loop, which ends the worker (or its connection, again and again), and it
is gone from the queue by then. Whoever writes to the broker could so keep a fleet down. Here such an entry is
put into an envelope without a task, which `workers.consumer` refuses with a dead letter. For queues of the
fleet alone: what comes over Celery's broadcast exchanges is told and dropped.
"""

import base64
import binascii
import logging
import uuid
from typing import Any

from kombu.transport import redis as transport
from kombu.transport import virtual

from tasks.queues import QUEUES

log = logging.getLogger(__name__)

OURS = frozenset(queue.name for queue in QUEUES)
_loads, _deliver = transport.loads, virtual.Transport._deliver  # type: ignore[attr-defined]


def _loads_or_text(text: str) -> Any:
    try:
        return _loads(text)
    except Exception:  # kombu makes objects of some JSON, and those raise what they like
        return text


def _deliver_envelope(self: Any, message: Any, queue: str) -> None:
    if is_envelope(message):
        _deliver(self, message, queue)
    elif queue in OURS:
        _deliver(self, enveloped(message), queue)
    else:
        log.warning("What came over %s is no message.", queue)


def is_envelope(message: Any) -> bool:
    """Whether kombu can make a message of it that a consumer can then look at.

    A compressed one it would unpack, whatever its size then is; the fleet compresses nothing.
    """
    if not isinstance(message, dict):
        return False
    properties, headers = message.get("properties"), message.get("headers")
    return (
        isinstance(properties, dict)
        and isinstance(properties.get("delivery_tag"), str)
        and isinstance(properties.get("delivery_info"), dict)
        and isinstance(headers, dict)
        and isinstance(headers.get("task", ""), str)
        and "compression" not in headers
        and _is_readable(message.get("body"), properties.get("body_encoding"))
    )


def enveloped(message: Any) -> dict[str, Any]:
    """Put something into an envelope that names no task and claims to be no JSON."""
    text = str(message).encode("utf-8", "replace")
    return {
        "body": base64.b64encode(text).decode(),
        "content-type": "application/octet-stream",
        "content-encoding": "binary",
        "headers": {},
        "properties": {
            "body_encoding": "base64",
            "delivery_tag": str(uuid.uuid4()),
            "delivery_info": {"exchange": "", "routing_key": ""},
        },
    }


def _is_readable(body: Any, encoding: Any) -> bool:
    if not isinstance(body, str) or encoding not in (None, "base64"):
        return False
    try:
        return encoding is None or bool(base64.b64decode(body))
    except (binascii.Error, ValueError):
        return False


transport.loads = _loads_or_text  # type: ignore[attr-defined]
virtual.Transport._deliver = _deliver_envelope  # type: ignore[method-assign,assignment]
