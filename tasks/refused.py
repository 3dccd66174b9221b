"""A message that is not done → a dead letter, a count and a line: what it was, never what it said."""

import hashlib
import logging
from typing import Any

from esg import redact
from esg.errors import EsgError, Rejected
from esg.resources import resources
from esg.state import Refusal
from tasks import metrics

log = logging.getLogger(__name__)

FROM_A_LATER_RELEASE = "hint_unknown_task"  # its row is in SQL: it comes again, until a newer worker takes it


def set_aside(message: Any, why: Rejected, *, worker: str) -> None:
    """Write down a message that came from the broker and was refused; raises nothing."""
    body = message.body if isinstance(message.body, bytes) else str(message.body).encode()
    headers = message.headers if isinstance(message.headers, dict) else {}
    if why.code == FROM_A_LATER_RELEASE:
        metrics.MESSAGES_REFUSED.labels(why.code).inc()
        return
    bury(headers.get("task", ""), headers.get("id", ""), body, why, worker=worker)


def bury(task: object, message_id: object, body: bytes, why: Rejected, *, worker: str) -> None:
    """The same of a message that a task found to make no sense."""
    refusal = Refusal(
        task=_word(task),
        message_id=_word(message_id),
        digest=hashlib.sha256(body).hexdigest(),
        size_bytes=len(body),
        code=why.code,
        reason=str(why),
        worker=worker,
    )
    metrics.MESSAGES_REFUSED.labels(why.code).inc()
    log.error("%s", why, extra={"task_id": refusal.message_id, "outcome": "refused"})
    try:
        if not resources().housekeeping.refuse_message(refusal):
            log.error("Too many messages were refused; no more dead letters are written of them.")
    except EsgError as error:
        log.error("The dead letter could not be written: %s", error)


def _word(said: object) -> str:
    """A name that someone gave: as much of it as a name has, and no secret."""
    return redact.clean(str(said))[:64]
