"""chunks ↔ Arrow and Parquet: one row a chunk, lossless, the same bytes for the same chunks."""

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from esg.domain import Chunk, ChunkKind, Span

_SPAN = pa.struct([("page", pa.int32()), ("start", pa.int32()), ("end", pa.int32())])
SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("document_id", pa.string()),
        ("spans", pa.list_(_SPAN)),
        ("text", pa.string()),
        ("tokens", pa.int32()),
        ("section", pa.string()),
        ("kind", pa.string()),
    ]
)


def encode(chunks: Sequence[Chunk]) -> bytes:
    """Write chunks as one Parquet file."""
    return write(to_table(chunks))


def decode(data: bytes) -> list[Chunk]:
    """Read what `encode` wrote; raises ValueError or OSError for anything else."""
    return from_table(read(data))


def to_table(chunks: Sequence[Chunk]) -> pa.Table:
    return pa.Table.from_pylist([_row(chunk) for chunk in chunks], schema=SCHEMA)


def from_table(table: pa.Table) -> list[Chunk]:
    """Read the columns of SCHEMA; raises ValueError where one is missing."""
    if missing := set(SCHEMA.names) - set(table.column_names):
        raise ValueError(f"no chunks: the columns {sorted(missing)} are missing")
    return [_chunk(row) for row in table.select(SCHEMA.names).to_pylist()]


def write(table: pa.Table) -> bytes:
    """Write a table as Parquet whose pages carry checksums."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", write_page_checksum=True)
    return bytes(sink.getvalue())


def read(data: bytes) -> pa.Table:
    """Read a Parquet file and check its checksums; raises ValueError or OSError where it is damaged."""
    return pq.ParquetFile(pa.BufferReader(data), page_checksum_verification=True).read(use_threads=False)


def _row(chunk: Chunk) -> dict[str, object]:
    spans = [span._asdict() for span in chunk.spans]
    return {
        "id": chunk.id,
        "document_id": chunk.document_id,
        "spans": spans,
        "text": chunk.text,
        "tokens": chunk.tokens,
        "section": chunk.section,
        "kind": chunk.kind.value,
    }


def _chunk(row: dict[str, object]) -> Chunk:
    spans = tuple(Span(**span) for span in row.pop("spans"))  # type: ignore[attr-defined]
    return Chunk(spans=spans, kind=ChunkKind(row.pop("kind")), **row)  # type: ignore[arg-type]
