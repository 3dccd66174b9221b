"""Rank candidates exactly: by cosine, then by chunk id."""

from collections.abc import Iterable

import numpy as np

from esg.domain import Chunk, Vectors
from esg.embed.cache import Vector
from esg.embed.cosine import cosines, on_grid
from esg.index.base import Found


def check(document_id: str, chunks: Iterable[Chunk], vectors: Vectors) -> None:
    """Raise ValueError unless there is one vector for each chunk, all chunks being the document's."""
    owners = [chunk.document_id for chunk in chunks]
    if len(owners) != len(vectors) or set(owners) - {document_id}:
        raise ValueError(f"{len(vectors)} vectors and {len(owners)} chunks are not those of {document_id}")


def nearest(vector: Vector, chunks: Iterable[Chunk], vectors: Vectors, *, k: int) -> list[Found]:
    """Give the k best of the chunks; `vectors` holds a row for each."""
    scores = cosines(on_grid(vector[None, :]), on_grid(vectors))[0]
    return best(zip(chunks, scores.tolist(), strict=True), k=k)


def best(found: Iterable[Found], *, k: int) -> list[Found]:
    """Give the first k in the order of every store."""
    return sorted(found, key=lambda pair: (-pair[1], pair[0].id))[: max(k, 0)]


def stacked(parts: Iterable[Vectors], *, dimensions: int) -> Vectors:
    """Put the rows of all parts under each other; a part without rows may not know its dimensions."""
    return np.concatenate([np.empty((0, dimensions), np.float32), *(part for part in parts if len(part))])
