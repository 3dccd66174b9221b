"""The reference store: a dictionary, searched whole."""

from collections.abc import Sequence

from esg.domain import Chunk, Vectors
from esg.embed.cache import Vector
from esg.errors import NotFound
from esg.index.base import Found
from esg.index.nearest import check, nearest, stacked


class MemoryStore:
    def __init__(self) -> None:
        self._documents: dict[str, tuple[list[Chunk], Vectors]] = {}

    def upsert(self, document_id: str, chunks: Sequence[Chunk], vectors: Vectors) -> None:
        check(document_id, chunks, vectors)
        self._documents[document_id] = (list(chunks), vectors.copy())

    def load(self, document_id: str) -> tuple[list[Chunk], Vectors]:
        if document_id not in self._documents:
            raise NotFound(f"There are no vectors of document {document_id}.")
        chunks, vectors = self._documents[document_id]
        return list(chunks), vectors.copy()

    def search(self, vector: Vector, *, documents: Sequence[str] | None = None, k: int) -> list[Found]:
        wanted = self._documents if documents is None else dict.fromkeys(documents)
        parts = [self._documents[name] for name in wanted if name in self._documents]
        chunks = [chunk for part, _ in parts for chunk in part]
        vectors = stacked((rows for _, rows in parts), dimensions=len(vector))
        return nearest(vector, chunks, vectors, k=k)

    def delete(self, document_id: str) -> None:
        self._documents.pop(document_id, None)

    def size(self) -> int:
        return sum(len(chunks) for chunks, _ in self._documents.values())
