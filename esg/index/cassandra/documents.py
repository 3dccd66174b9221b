"""Which generation of each document is whole: one row a document, changed by compare-and-set."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from cassandra import ConsistencyLevel

from esg.index.cassandra.connect import Keyspace
from esg.index.cassandra.scripts import queries

_NAMES_PER_QUERY = 100


class Generation(NamedTuple):
    """What one upsert wrote: its name, its rows, those of them whose vector is zero, a digest of it all."""

    id: UUID
    chunks: int
    zeros: int
    content: str


@dataclass(frozen=True, slots=True)
class Visible:
    generation: Generation
    since_seconds: float  # Unix time, by a clock of the cluster


class Documents:
    """The documents of one embedder."""

    def __init__(self, keyspace: Keyspace, embedder_id: str) -> None:
        self._session, self._embedder = keyspace.session, embedder_id
        query = queries("documents.cql", keyspace=keyspace.name)
        self._find = keyspace.prepare(query["find"])
        self._names = keyspace.prepare(query["names"])
        self._with_zeros = keyspace.prepare(query["with_zeros"])
        self._size = keyspace.prepare(query["size"])
        self._settled = keyspace.prepare(query["settled"])
        self._settled.consistency_level = ConsistencyLevel.LOCAL_SERIAL
        self._create = keyspace.prepare(query["create"], is_idempotent=False)
        self._replace = keyspace.prepare(query["replace"], is_idempotent=False)
        self._remove = keyspace.prepare(query["remove"], is_idempotent=False)

    def find(self, names: Iterable[str]) -> dict[str, Visible]:
        """Give what may be read of each document; those that are not there are left out."""
        wanted = list(names)
        found: dict[str, Visible] = {}
        for i in range(0, len(wanted), _NAMES_PER_QUERY):
            rows = self._session.execute(self._find, (self._embedder, wanted[i : i + _NAMES_PER_QUERY]))
            found |= {row.document: _visible(row) for row in rows}
        return found

    def settled(self, name: str) -> Generation | None:
        """Give what a compare-and-set would meet: one that was under way is finished or given up first."""
        row = self._session.execute(self._settled, (self._embedder, name)).one()
        return _visible(row).generation if row else None

    def swap(self, name: str, before: Generation | None, after: Generation | None) -> bool:
        """Show `after` instead of `before`, None standing for no document; say whether `before` was there."""
        key = (self._embedder, name)
        if before and after:
            return self._is_done(self._replace, (*after, *key, before.id))
        if before:
            return self._is_done(self._remove, (*key, before.id))
        return after is None or self._is_done(self._create, (*key, *after))

    def names(self) -> list[str]:
        return [row.document for row in self._session.execute(self._names, (self._embedder,))]

    def with_zeros(self) -> list[str]:
        """Name the documents of which a vector is zero, and so in no index."""
        return [row.document for row in self._session.execute(self._with_zeros, (self._embedder,))]

    def size(self) -> tuple[int, int]:
        """Count the chunks of all documents, and those of them whose vector is zero."""
        row = self._session.execute(self._size, (self._embedder,)).one()
        return int(row.chunks or 0), int(row.zeros or 0)

    def _is_done(self, swap: Any, values: tuple[object, ...]) -> bool:
        return bool(self._session.execute(swap, values).was_applied)


def _visible(row: Any) -> Visible:
    return Visible(Generation(row.generation, row.chunks, row.zeros, row.content), row.since / 1e6)
