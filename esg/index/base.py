"""vectors -> neighbours: what every vector store promises."""

from collections.abc import Sequence
from typing import Protocol

from esg.domain import Chunk, Vectors
from esg.embed.cache import Vector

Found = tuple[Chunk, float]  # a chunk and its cosine with what was searched


class VectorStore(Protocol):
    def upsert(self, document_id: str, chunks: Sequence[Chunk], vectors: Vectors) -> None:
        """Write or overwrite a document whole; calling twice changes nothing."""

    def load(self, document_id: str) -> tuple[list[Chunk], Vectors]:
        """Give a document as it was written; raises NotFound."""

    def search(self, vector: Vector, *, documents: Sequence[str] | None = None, k: int) -> list[Found]:
        """Give the k nearest chunks of some or all documents, best first, equal ones by chunk id."""

    def delete(self, document_id: str) -> None:
        """Forget a document; nothing happens if it is not there."""

    def size(self) -> int:
        """Count the vectors."""
