"""Where things rest: bronze as they came, silver as they were read, gold as they were judged.

A key carries the versions of all that made its object, so a new version never meets an old object.
"""

import hashlib
import re
from collections.abc import Sequence

from esg import chunk, extract, kpi, retrieve
from esg.domain import Document, Scorecard
from esg.errors import NotFound
from esg.objects import key_part

_DOCUMENT_ID = re.compile(r"[0-9a-f]{64}")
_SCORECARD = re.compile(r"-([0-9a-f]{16})\.json\Z")


def original(document_id: str) -> str:
    return f"bronze/{_known(document_id)}/original"


def fetched(document_id: str) -> str:
    """Key of where the original came from; written last, so it stands for both."""
    return f"bronze/{_known(document_id)}/fetched.json"


def extraction(document_id: str) -> str:
    return f"silver/pages/x{extract.VERSION}/{_known(document_id)}.parquet"


def chunks(document_id: str, embedder_id: str) -> str:
    return f"silver/chunks/{_reading(embedder_id)}/{_known(document_id)}.parquet"


def vectors(document_id: str, embedder_id: str) -> str:
    """Folder of a document's batches."""
    return f"silver/vectors/{_reading(embedder_id)}/{_known(document_id)}"


def batch(document_id: str, embedder_id: str, number: int, chunk_ids: Sequence[str]) -> str:
    """Key of one batch; it names the chunks, so that batches of another size are other objects."""
    members = hashlib.sha256("\n".join(chunk_ids).encode()).hexdigest()[:16]
    return f"{vectors(document_id, embedder_id)}/{number:05d}-{members}.parquet"


def counts(document_id: str, embedder_id: str) -> str:
    """Key of the terms of a document's chunks."""
    return f"silver/terms/t{retrieve.VERSION}.{_reading(embedder_id)}/{_known(document_id)}.parquet"


def readings(document: Document) -> str:
    """Key of figures and claims; it names whose report of which year they were read as."""
    identity = document.identity
    read_as = hashlib.sha256(f"{identity.company}\n{identity.year}".encode()).hexdigest()[:16]
    return f"silver/readings/x{extract.VERSION}.k{kpi.VERSION}/{_known(document.id)}-{read_as}.parquet"


def answer(judge: str, asked: str) -> str:
    """Key of what a judge's model answered; `asked` is the hash of all that it was sent."""
    return f"silver/answers/{key_part(judge)}/{asked}.json"


def scorecard(scorecard: Scorecard, data: bytes) -> str:
    """Key of a scorecard; it names the content, so that a damaged one is known."""
    rubric = key_part(f"{scorecard.rubric_id}-{scorecard.rubric_version}")
    pipeline = key_part(scorecard.versions.pipeline)
    content = hashlib.sha256(data).hexdigest()[:16]
    return f"gold/scorecards/{rubric}/{pipeline}/{_known(scorecard.document.id)}-{content}.json"


def names_a_scorecard(key: str) -> bool:
    return key.startswith("gold/scorecards/") and _SCORECARD.search(key) is not None


def is_scorecard(key: str, data: bytes) -> bool:
    """Say whether these bytes are those the key was made for."""
    content = _SCORECARD.search(key)
    return content is not None and hashlib.sha256(data).hexdigest().startswith(content[1])


def _reading(embedder_id: str) -> str:
    """Name how a document was read and cut: by these pages, these rules and this model's tokens."""
    return f"x{extract.VERSION}.c{chunk.VERSION}-{key_part(embedder_id)}"


def _known(document_id: str) -> str:
    if not _DOCUMENT_ID.fullmatch(document_id):
        raise NotFound(f"There is no document {document_id[:80]!r}.")
    return document_id
