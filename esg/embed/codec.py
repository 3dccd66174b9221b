"""vectors ↔ Arrow and Parquet: one row a vector, named by its chunk, bit by bit."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from esg.chunk import codec
from esg.domain import Vectors


def encode(chunk_ids: Sequence[str], vectors: Vectors) -> bytes:
    """Write vectors as one Parquet file."""
    return codec.write(pa.table({"id": pa.array(chunk_ids, pa.string()), "vector": column(vectors)}))


def decode(data: bytes) -> tuple[list[str], Vectors]:
    """Read what `encode` wrote; raises ValueError or OSError for anything else."""
    table = codec.read(data)
    if table.column_names != ["id", "vector"]:
        raise ValueError(f"no vectors: the columns are {table.column_names}")
    return table["id"].to_pylist(), rows(table["vector"])


def column(vectors: Vectors) -> pa.ListArray:
    """Make a column of vectors; SQL reads it as FLOAT[]."""
    values = pa.array(np.ascontiguousarray(vectors, np.float32).ravel(), pa.float32())
    ends = np.arange(len(vectors) + 1, dtype=np.int32) * vectors.shape[1]
    return pa.ListArray.from_arrays(pa.array(ends), values)


def rows(vectors: pa.ChunkedArray) -> Vectors:
    """Read a column of vectors; where there is none, their dimensions are not known and 0."""
    if len(vectors) == 0:
        return np.empty((0, 0), np.float32)
    parts = [np.asarray(part.flatten(), np.float32) for part in vectors.chunks]
    return np.concatenate(parts).reshape(len(vectors), -1)
