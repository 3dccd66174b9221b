"""The law of messages: small, stamped with the time they were sent, part of a trace."""

import json
import time
from typing import Any

from celery.signals import before_task_publish

from esg.errors import Rejected

LARGEST_BYTES = 8 * 1024  # ids and small scalars take 100; a signed URL given by hand may take some thousand


@before_task_publish.connect(weak=False)
def refuse_payloads(body: Any = ((), {}, {}), headers: dict[str, Any] | None = None, **_: Any) -> None:
    """Stamp a submission; raises Rejected for a message that carries a payload instead of a reference."""
    args, kwargs, *_ = body
    size = len(json.dumps((args, kwargs), default=str))
    if size > LARGEST_BYTES:
        raise Rejected(
            f"A message of {size} bytes was not sent.", code="message_too_large", next_step="Send references."
        )
    if headers is not None and "unit" not in kwargs:
        headers["sent_at"] = time.time()
