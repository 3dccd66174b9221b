"""What a span may say. Everything else is dropped before it is exported, whichever library set it.

So no text of a document, no source, no address with a password and no words of an exception leaves, however
an instrumentation changes. Values are ids, names of ours, counts and seconds; long ones are cut.
"""

from collections.abc import Mapping
from typing import Any

LONGEST = 200

ALLOWED = frozenset(
    {
        "celery.action",
        "celery.state",
        "celery.task_name",
        "db.collection.name",
        "db.operation.name",
        "db.system.name",
        "error.type",
        "esg.attempt",
        "esg.batch",
        "esg.document_id",
        "esg.items",
        "esg.link",
        "esg.operation",
        "esg.outcome",
        "esg.part",
        "esg.pipeline_version",
        "esg.stage",
        "esg.wait_seconds",
        "http.request.method",
        "http.response.status_code",
        "http.route",
        "messaging.batch.message_count",
        "messaging.destination.name",
        "messaging.message.id",
        "messaging.operation.name",
        "messaging.operation.type",
        "messaging.system",
        "request_id",
        "url.scheme",
    }
)


def allowed(attributes: Mapping[str, Any] | None) -> dict[str, Any]:
    """Keep what may be said."""
    return {key: _cut(value) for key, value in (attributes or {}).items() if key in ALLOWED}


def _cut(value: Any) -> Any:
    return value[:LONGEST] if isinstance(value, str) else value
