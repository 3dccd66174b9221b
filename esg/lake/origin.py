"""Where an original came from ↔ JSON."""

import json
from datetime import datetime

from esg.domain import Fetched, MediaType, document_id


def encode(fetched: Fetched) -> bytes:
    about = {
        "source": fetched.source,
        "sha256": document_id(fetched.data),
        "size_bytes": len(fetched.data),
        "media_type": fetched.media_type.value,
        "fetched_at": fetched.fetched_at.isoformat(),
        "final_url": fetched.final_url,
        "headers": fetched.headers,
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
