"""chunks and vectors ↔ rows. Importing it teaches the driver to read and write vectors by NumPy."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from cassandra import cqltypes
from numpy.typing import NDArray

from esg.domain import Chunk, ChunkKind, Span, Vectors
from esg.embed.cache import Vector

_WIRE = np.dtype(">f4")


class VectorType(cqltypes.VectorType):  # type: ignore[misc]  # the driver has no types
    """The driver's type of vectors, by NumPy where they are of 32-bit floats (docs/operations/cassandra.md).

    The driver finds the type of a column by the name of a class, and the last class of that name counts.
    """

    @classmethod
    def serialize(cls, v: Any, protocol_version: int) -> bytes:
        if cls.subtype is not cqltypes.FloatType or len(v) != cls.vector_size:
            return bytes(super().serialize(v, protocol_version))  # which says what is wrong
        return np.asarray(v, _WIRE).tobytes()

    @classmethod
    def deserialize(cls, byts: bytes, protocol_version: int) -> Vector | list[Any]:
        if cls.subtype is not cqltypes.FloatType:
            return list(super().deserialize(byts, protocol_version))
        return np.frombuffer(byts, _WIRE).astype(np.float32)


def to_row(chunk: Chunk, vector: Vector) -> tuple[object, ...]:
    """Lay out a chunk for `insert` of rows.cql; a zero vector, which would break the index, is left out."""
    spans = [tuple(span) for span in chunk.spans]
    kept = vector if vector.any() else None
    return (chunk.id, spans, chunk.text, chunk.tokens, chunk.section, chunk.kind.value, kept)


def to_chunk(row: Any) -> Chunk:
    spans = tuple(Span(*span) for span in row.spans or ())  # an empty list may come back as none
    return Chunk(row.id, row.document, spans, row.text, row.tokens, row.section, ChunkKind(row.kind))


def to_vectors(rows: Sequence[Any], *, dimensions: int) -> Vectors:
    """Stack the vectors of rows; none stands for zero."""
    zero: NDArray[np.float32] = np.zeros(dimensions, np.float32)
    vectors: Iterable[Vector] = (zero if row.vector is None else row.vector for row in rows)
    return np.array(list(vectors), np.float32).reshape(len(rows), dimensions)
