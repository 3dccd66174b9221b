"""The chunks and vectors of one embedder: a partition a document, a slice of it a generation."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from cassandra import ConsistencyLevel
from cassandra.concurrent import execute_concurrent, execute_concurrent_with_args
from cassandra.query import BatchStatement, BatchType

from esg.domain import Chunk, Vectors
from esg.embed.cache import Vector
from esg.index.cassandra.codec import to_row
from esg.index.cassandra.connect import Keyspace
from esg.index.cassandra.scripts import queries

MOST_CANDIDATES = 1000  # that Cassandra lets an index be asked for
_ROWS_PER_BATCH = 32  # all of one partition: one mutation, about 100 KB
_BATCHES_AT_ONCE = 2  # a node keeps its processors busy with the index; one of two takes 3 (CASSANDRA-21644)
_READS_AT_ONCE = 8
_ROWS_PER_PAGE = 1000

Row = Any  # the driver's named tuple: its columns, see rows.cql


class Rows:
    """The table of an embedder's vectors, which is there."""

    def __init__(self, keyspace: Keyspace, table: str, *, dimensions: int) -> None:
        self.dimensions = dimensions
        self._session = keyspace.session
        query = queries("rows.cql", table=f"{keyspace.name}.{table}")
        self._insert = keyspace.prepare(query["insert"])
        self._read = keyspace.prepare(query["read"])
        self._read.fetch_size = _ROWS_PER_PAGE
        self._count = keyspace.prepare(query["count"])
        self._nearest = keyspace.prepare(query["nearest"])
        self._nearest.consistency_level = ConsistencyLevel.LOCAL_ONE  # no index can be asked at another
        self._nearest.fetch_size = MOST_CANDIDATES  # it gives no second page
        self._generations = keyspace.prepare(query["generations"])
        self._remove = keyspace.prepare(query["remove"])

    def write(self, document_id: str, generation: UUID, chunks: Sequence[Chunk], vectors: Vectors) -> None:
        """Write a generation's rows. Twice is once."""
        batches = self._batches(document_id, generation, chunks, vectors)
        execute_concurrent(self._session, batches, concurrency=_BATCHES_AT_ONCE)

    def read(self, generations: Mapping[str, UUID]) -> dict[str, list[Row]]:
        """Give the rows of a generation of each document, in the order of the chunks."""
        pairs = list(generations.items())
        results = execute_concurrent_with_args(self._session, self._read, pairs, concurrency=_READS_AT_ONCE)
        return {name: list(result) for (name, _), (_, result) in zip(pairs, results, strict=True)}

    def count(self, document_id: str, generation: UUID) -> int:
        return int(self._session.execute(self._count, (document_id, generation)).one().chunks)

    def nearest(self, vector: Vector, *, limit: int) -> list[Row]:
        """Give the rows, of whatever generation, that the index finds nearest."""
        return list(self._session.execute(self._nearest, (vector, limit)))

    def generations(self, document_id: str) -> list[UUID]:
        """Name what is there of a document, whole or not."""
        return [row.generation for row in self._session.execute(self._generations, (document_id,))]

    def remove(self, document_id: str, generation: UUID) -> None:
        self._session.execute(self._remove, (document_id, generation))

    def _batches(
        self, document_id: str, generation: UUID, chunks: Sequence[Chunk], vectors: Vectors
    ) -> Iterator[tuple[BatchStatement, None]]:
        for start in range(0, len(chunks), _ROWS_PER_BATCH):
            batch = BatchStatement(BatchType.UNLOGGED, consistency_level=ConsistencyLevel.LOCAL_QUORUM)
            batch.is_idempotent = True
            for i in range(start, min(start + _ROWS_PER_BATCH, len(chunks))):
                batch.add(self._insert, (document_id, generation, i, *to_row(chunks[i], vectors[i])))
            yield batch, None
