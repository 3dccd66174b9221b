"""What is told: one JSON object, small and versioned."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SCHEMA_ID = "esg.event/1"


@dataclass(frozen=True, slots=True)
class Event:
    """`id` is the same at every delivery of an event: who gets it twice knows it by that."""

    id: str
    type: str  # job.finished
    created_at: str  # ISO 8601
    data: Mapping[str, Any]

    @classmethod
    def job_finished(cls, job_id: str, *, at: str, **data: Any) -> "Event":
        """A job that came to its end at a moment."""
        name = hashlib.sha256(f"{job_id}\n{at}".encode()).hexdigest()[:32]
        return cls(name, "job.finished", at, {"job_id": job_id, **data})

    def encode(self) -> bytes:
        told = {
            "schema": SCHEMA_ID,
            "id": self.id,
            "type": self.type,
            "created_at": self.created_at,
            "data": dict(self.data),
        }
        return json.dumps(told, ensure_ascii=False).encode()
