"""Vectors in Cassandra: a document is written aside, then shown whole (docs/adr/vectors-in-cassandra.md)."""

import hashlib
import os
import time
from collections.abc import Iterable, Sequence
from itertools import islice

import numpy as np
from cassandra.util import unix_time_from_uuid1, uuid_from_time

from esg.chunk import codec
from esg.domain import Chunk, Vectors
from esg.embed.cache import Vector
from esg.errors import NotFound, Transient
from esg.index.base import Found
from esg.index.cassandra import connect, whole
from esg.index.cassandra.address import Address
from esg.index.cassandra.codec import to_chunk, to_vectors
from esg.index.cassandra.documents import Generation
from esg.index.cassandra.errors import translated
from esg.index.cassandra.rows import MOST_CANDIDATES, Row, Rows
from esg.index.cassandra.tables import Tables
from esg.index.nearest import best, check, nearest

ABANDONED_SECONDS = 3600.0  # a generation that is older and not shown was left by a writer that died
_CANDIDATES_PER_RESULT = 4  # the index is approximate and knows rows that are not shown
_LEAST_CANDIDATES = 200
_DOCUMENTS_AT_ONCE = 16  # in memory, of a search in many
_ATTEMPTS = 10


class CassandraStore:
    """The vectors of one embedder in a keyspace; it connects when it is first used, in each process anew."""

    def __init__(self, address: Address, *, embedder_id: str) -> None:
        self._address, self._embedder = address, embedder_id
        self._tables_of: dict[int, Tables] = {}

    @translated()
    def upsert(self, document_id: str, chunks: Sequence[Chunk], vectors: Vectors) -> None:
        check(document_id, chunks, vectors)
        if not np.isfinite(vectors).all():
            raise ValueError(f"a vector of {document_id} is not finite")
        generation, started = _generation(chunks, vectors), time.monotonic()
        rows = self._tables.made_for(vectors.shape[1]) if chunks else None
        if self._has(rows, document_id, generation):
            return
        if rows:
            rows.write(document_id, generation.id, chunks, vectors)
        if time.monotonic() - started > ABANDONED_SECONDS / 2:
            raise Transient(f"Writing the vectors of document {document_id} took too long.")
        self._show(document_id, generation)

    @translated()
    def load(self, document_id: str) -> tuple[list[Chunk], Vectors]:
        tables = self._tables
        for _, rows in whole.read(tables.documents, tables.rows(), [document_id]):
            return _decoded(rows)
        raise NotFound(f"There are no vectors of document {document_id}.")

    @translated()
    def search(self, vector: Vector, *, documents: Sequence[str] | None = None, k: int) -> list[Found]:
        rows = self._tables.rows()
        if rows is None or k < 1:
            return []
        self._tables.check(rows, len(vector))
        if documents is not None:
            return self._within(rows, vector, documents, k)
        return self._anywhere(rows, vector, k)

    @translated()
    def delete(self, document_id: str) -> None:
        self._show(document_id, None)

    @translated()
    def size(self) -> int:
        return self._tables.documents.size()[0]

    @property
    def _tables(self) -> Tables:
        """This process's own."""
        if os.getpid() not in self._tables_of:
            self._tables_of[os.getpid()] = Tables(connect.keyspace(self._address), self._embedder)
        return self._tables_of[os.getpid()]

    # -- a document, whole

    def _has(self, rows: Rows | None, document_id: str, wanted: Generation) -> bool:
        """Whether the same is there already: rows written anew would be dead weight in the index."""
        shown = self._tables.documents.settled(document_id)
        if shown is None or shown.content != wanted.content:
            return False
        return rows is None or rows.count(document_id, shown.id) == shown.chunks

    def _show(self, document_id: str, generation: Generation | None) -> None:
        """Make readers see this generation instead of any other, then remove what it replaced."""
        documents = self._tables.documents
        for _ in range(_ATTEMPTS):
            before = documents.settled(document_id)
            if documents.swap(document_id, before, generation):
                self._clean(document_id, before)
                return
        raise Transient(f"Others write document {document_id} at the same time.", retry_after_seconds=1.0)

    def _clean(self, document_id: str, replaced: Generation | None) -> None:
        """Remove the rows of the generation replaced, and of any that a writer left unfinished long ago."""
        rows = self._tables.rows()
        if rows is None:
            return
        oldest = time.time() - ABANDONED_SECONDS
        shown = self._tables.documents.settled(document_id)
        for found in rows.generations(document_id):
            is_shown = shown is not None and found == shown.id
            is_replaced = replaced is not None and found == replaced.id
            if not is_shown and (is_replaced or unix_time_from_uuid1(found) < oldest):
                rows.remove(document_id, found)

    # -- search

    def _within(self, rows: Rows, vector: Vector, names: Iterable[str], k: int) -> list[Found]:
        """Rank all vectors of the documents, a few documents at a time."""
        found: list[Found] = []
        remaining = iter(dict.fromkeys(names))
        while part := list(islice(remaining, _DOCUMENTS_AT_ONCE)):
            for _, read in whole.read(self._tables.documents, rows, part):
                found = best([*found, *_ranked(vector, read, k)], k=k)
        return found

    def _anywhere(self, rows: Rows, vector: Vector, k: int) -> list[Found]:
        """Rank the candidates of the index; where they may not be enough, rank all vectors.

        An index is asked for so many rows, removed ones among them, and gives those that are left.
        """
        documents = self._tables.documents
        for limit in _limits(k) if vector.any() else ():
            candidates = whole.nearest(documents, rows, vector, limit=limit)
            if len(candidates) >= k or _are_all(candidates, *documents.size()):
                return self._with_zeros(rows, vector, _ranked(vector, candidates, k), k)
        return self._within(rows, vector, documents.names(), k)

    def _with_zeros(self, rows: Rows, vector: Vector, found: list[Found], k: int) -> list[Found]:
        """Add zero vectors, which no index takes: their cosine, 0, matters where the k-th is not above."""
        if len(found) == k and found[-1][1] > 0:
            return found
        names = set(self._tables.documents.with_zeros())
        others = [pair for pair in found if pair[0].document_id not in names]
        return best([*others, *self._within(rows, vector, sorted(names), k)], k=k)


def _generation(chunks: Sequence[Chunk], vectors: Vectors) -> Generation:
    """Name what is about to be written: by the time, as it is another each time, and by its content."""
    content = hashlib.sha256(codec.encode(chunks) + np.ascontiguousarray(vectors).tobytes()).hexdigest()
    zeros = int((~vectors.any(axis=1)).sum())
    return Generation(uuid_from_time(time.time()), len(chunks), zeros, content)


def _are_all(candidates: Sequence[Row], chunks: int, zeros: int) -> bool:
    return len(candidates) == chunks - zeros


def _limits(k: int) -> list[int]:
    """How many candidates to ask for, first and if these are not enough; none if that cannot be enough."""
    if k > MOST_CANDIDATES:
        return []
    first = min(max(_LEAST_CANDIDATES, _CANDIDATES_PER_RESULT * k), MOST_CANDIDATES)
    return sorted({first, MOST_CANDIDATES})


def _ranked(vector: Vector, rows: Sequence[Row], k: int) -> list[Found]:
    return nearest(vector, map(to_chunk, rows), to_vectors(rows, dimensions=len(vector)), k=k)


def _decoded(rows: Sequence[Row]) -> tuple[list[Chunk], Vectors]:
    dimensions = next((len(row.vector) for row in rows if row.vector is not None), 0)
    return [to_chunk(row) for row in rows], to_vectors(rows, dimensions=dimensions)
