"""Where an original came from ↔ JSON."""

import json
from datetime import datetime

from esg.domain import Arrival, Fetched, MediaType


def encode(arrival: Arrival) -> bytes:
    about = {
        "source": arrival.source,
        "sha256": arrival.document_id,
        "size_bytes": arrival.size_bytes,
        "media_type": arrival.media_type.value,
        "fetched_at": arrival.fetched_at.isoformat(),
        "final_url": arrival.final_url,
        "headers": arrival.headers,
    }
    return json.dumps(about, ensure_ascii=False, indent=2).encode() + b"\n"


def decode(data: bytes, *, original: bytes) -> Fetched:
    """Read what `encode` wrote; raises ValueError, KeyError or TypeError for anything else."""
    about = json.loads(data)
    return Fetched(
        source=about["source"],
        data=original,
        media_type=MediaType(about["media_type"]),
        fetched_at=datetime.fromisoformat(about["fetched_at"]),
        final_url=about["final_url"],
        headers=tuple((name, value) for name, value in about["headers"]),
    )
