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


def column(vectors: Vectors) -> pa.FixedSizeListArray:
    """Make a column of vectors; SQL reads it as FLOAT[dimensions]."""
    values = pa.array(np.ascontiguousarray(vectors, np.float32).ravel(), pa.float32())
    return pa.FixedSizeListArray.from_arrays(values, vectors.shape[1])


def rows(vectors: pa.ChunkedArray) -> Vectors:
    """Read a column of vectors."""
    parts = [np.asarray(part.flatten(), np.float32) for part in vectors.chunks]
    return np.concatenate([np.empty(0, np.float32), *parts]).reshape(-1, vectors.type.list_size)
