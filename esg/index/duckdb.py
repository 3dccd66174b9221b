"""Vectors and chunks as one Parquet object a document, searched by DuckDB; no database file is shared.

Any number of processes read; an object is replaced whole, so a reader sees the old or the new one. The
first search of a process asks DuckDB for candidates, which reads nothing but vectors; one that searches
again keeps them in memory (esg/index/resident.py). A few named documents are read as they are. All three
rank exactly, and alike.
"""

from collections.abc import Iterable, Sequence
from importlib.resources import files

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from pyarrow import fs

from esg.chunk import codec
from esg.domain import Chunk, Vectors
from esg.embed.cache import Vector
from esg.embed.codec import column, rows
from esg.embed.cosine import cosines, on_grid
from esg.errors import NotFound, Rejected, Transient
from esg.index.base import Found
from esg.index.columns import Columns, Place, Ranked, top
from esg.index.listing import Listing, Stamp
from esg.index.nearest import best, check, nearest, stacked
from esg.index.resident import Resident
from esg.objects import key_part, open_objects

_SLACK = 1e-3  # far more than the sums and the grid may be off
_ENDING = ".parquet"
_FEW = 20  # named documents that are read one after the other
_PATTERN = frozenset("*?[")  # DuckDB takes a path with one of these for a pattern


class DuckDBStore:
    """The vectors of one embedder, under `index/<embedder>/` of a folder or an object store."""

    def __init__(self, root_url: str, *, embedder_id: str, memory_bytes: int = 0) -> None:
        """Keep vectors in up to `memory_bytes` of memory, once there was a search over all."""
        self._objects = open_objects(root_url)
        self._folder = f"index/{key_part(embedder_id)}"
        self._memory_bytes = memory_bytes
        self._listing = Listing(self._objects.filesystem, self._folder)
        self._resident: Resident | None = None
        self._has_searched = False
        self._rows: dict[str, tuple[Stamp, int]] = {}

    def upsert(self, document_id: str, chunks: Sequence[Chunk], vectors: Vectors) -> None:
        check(document_id, chunks, vectors)
        table = codec.to_table(chunks).append_column("vector", column(vectors))
        self._objects.replace(self._key(document_id), codec.write(table))

    def load(self, document_id: str) -> tuple[list[Chunk], Vectors]:
        table = self._read(document_id)
        try:
            return codec.from_table(table), rows(table["vector"])
        except ValueError as error:
            raise _damaged(self._key(document_id), error) from error

    def search(self, vector: Vector, *, documents: Sequence[str] | None = None, k: int) -> list[Found]:
        if k < 1:
            return []
        is_few = documents is not None and len(documents) <= _FEW
        if (not is_few or self._resident is not None) and (columns := self._columns(len(vector))) is not None:
            return self._found(columns.nearest(vector, documents=documents, k=k), k)
        if documents is not None and is_few:
            return self._found(self._near_in(vector, documents, k), k)
        keys = list(self._listing.look())
        if documents is not None:
            wanted = {self._key(document_id) for document_id in documents}
            keys = [key for key in keys if key in wanted]
        return self._ranked(vector, self._candidates(vector, keys, k), k) if keys else []

    def warm(self, dimensions: int) -> None:
        """Load all vectors now, for whoever wants no search to wait for them or measures."""
        self._has_searched = True
        self._columns(dimensions)
        if self._resident is not None:
            self._resident.wait()

    def delete(self, document_id: str) -> None:
        self._objects.delete(self._key(document_id))

    def size(self) -> int:
        """Count the vectors; of an object that was counted before, its footer is not read again."""
        stamps = self._listing.look()
        for key in self._rows.keys() - stamps.keys():
            self._rows.pop(key, None)
        return sum(self._count(key, stamp) for key, stamp in stamps.items())

    def _count(self, key: str, stamp: Stamp) -> int:
        known = self._rows.get(key)
        if known is None or known[0] != stamp:
            known = self._rows[key] = (stamp, int(self._dataset([key]).count_rows()))
        return known[1]

    def _key(self, document_id: str) -> str:
        return f"{self._folder}/{document_id}{_ENDING}"

    def _document(self, key: str) -> str:
        return key.removeprefix(f"{self._folder}/").removesuffix(_ENDING)

    # -- in memory

    def _columns(self, dimensions: int) -> Columns | None:
        """The vectors in memory; None for the first search, and where they are not all there (yet)."""
        if not self._memory_bytes or not self._has_searched:
            self._has_searched = True
            return None
        if self._resident is None:
            self._resident = Resident(
                self._listing,
                self._named_vectors,
                self._document,
                dimensions=dimensions,
                most_bytes=self._memory_bytes,
            )
        return self._resident.columns()

    def _vectors(self, document_id: str) -> Vectors:
        return rows(self._read_columns(document_id, ["vector"])["vector"])

    def _named_vectors(self, document_id: str) -> tuple[Vectors, list[str]]:
        table = self._read_columns(document_id, ["id", "vector"])
        return rows(table["vector"]), table["id"].to_pylist()

    def _near_in(self, vector: Vector, documents: Sequence[str], k: int) -> list[Ranked]:
        """Rank every vector of a few documents."""
        query, near = on_grid(vector[None, :]), []
        for document_id in dict.fromkeys(documents):
            try:
                vectors = self._vectors(document_id)
            except NotFound:
                continue
            if len(vectors):
                scores = cosines(query, on_grid(vectors))[0]
                near += [(Place(document_id, int(i)), float(scores[i])) for i in top(scores, k)]
        return near

    def _found(self, near: Iterable[Ranked], k: int) -> list[Found]:
        """Read the chunks of the k nearest, and of those as near as the last of them: their ids decide."""
        ordered = sorted(near, key=lambda ranked: -ranked[1])
        edge = ordered[min(k, len(ordered)) - 1][1] if ordered else 0.0
        by_document: dict[str, list[tuple[int, float]]] = {}
        for (document_id, row), score in ordered:
            if score >= edge:
                by_document.setdefault(document_id, []).append((row, score))
        found: list[Found] = []
        for document_id, chosen in by_document.items():
            found += self._chunks(document_id, chosen)
        return best(found, k=k)

    def _chunks(self, document_id: str, chosen: Sequence[tuple[int, float]]) -> list[Found]:
        """The chunks in some rows of a document; none of one that was removed or replaced since."""
        try:
            table = self._read_columns(document_id, codec.SCHEMA.names)
        except NotFound:
            return []
        there = [(row, score) for row, score in chosen if row < len(table)]
        chunks = codec.from_table(table.take([row for row, _ in there]))
        return [(chunk, score) for chunk, (_, score) in zip(chunks, there, strict=True)]

    def _read_columns(self, document_id: str, names: Sequence[str]) -> pa.Table:
        """Read some columns of a document; raises NotFound. What cannot be read so is read as a whole, which
        tells a damaged object from a store that does not answer."""
        try:
            with self._objects.filesystem.open_input_file(self._key(document_id)) as file:
                parquet = pq.ParquetFile(file, page_checksum_verification=True)
                return parquet.read(list(names), use_threads=False)
        except (OSError, ValueError, KeyError):
            return self._read(document_id).select(list(names))

    def _read(self, document_id: str) -> pa.Table:
        key = self._key(document_id)
        try:
            table = codec.read(self._objects.read(key))
            if missing := {*codec.SCHEMA.names, "vector"} - set(table.column_names):
                raise ValueError(f"the columns {sorted(missing)} are missing")
        except NotFound as error:
            raise NotFound(f"There are no vectors of document {document_id}.") from error
        except (ValueError, OSError) as error:
            raise _damaged(key, error) from error
        return table

    # -- by DuckDB

    def _dataset(self, keys: Sequence[str]) -> ds.Dataset:
        return ds.dataset(list(keys), format="parquet", filesystem=self._objects.filesystem)

    def _candidates(self, vector: Vector, keys: Sequence[str], k: int) -> dict[str, set[str]]:
        """Ask DuckDB for the chunk ids, by document, that may be among the k nearest."""
        sql = files("esg.index").joinpath("search.sql").read_text().format(dimensions=len(vector))
        try:
            with duckdb.connect() as connection:
                self._show(connection, keys)
                asked = {"vector": vector.tolist(), "k": k, "slack": _SLACK}
                pairs = connection.execute(sql, asked).fetchall()
        except duckdb.IOException as error:
            raise Transient(f"The vectors changed while they were read: {error}.") from error
        except duckdb.Error as error:
            raise _damaged(self._folder, error) from error
        return _grouped(pairs)

    def _show(self, connection: duckdb.DuckDBPyConnection, keys: Sequence[str]) -> None:
        """Make the objects the table `vectors`: DuckDB reads a folder itself, a store through Arrow."""
        root = self._objects.filesystem.base_path
        if isinstance(self._objects.filesystem.base_fs, fs.LocalFileSystem) and not _PATTERN & set(root):
            connection.read_parquet([root + key for key in keys]).create_view("vectors")
        else:
            connection.register("vectors", self._dataset(keys))

    def _ranked(self, vector: Vector, candidates: dict[str, set[str]], k: int) -> list[Found]:
        chunks: list[Chunk] = []
        parts: list[Vectors] = []
        for document_id, ids in candidates.items():
            try:
                all_chunks, vectors = self.load(document_id)
            except NotFound:  # deleted since it was searched
                continue
            places = [i for i, chunk in enumerate(all_chunks) if chunk.id in ids]
            chunks += [all_chunks[i] for i in places]
            parts.append(vectors[np.array(places, np.int64)])
        return nearest(vector, chunks, stacked(parts, dimensions=len(vector)), k=k)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    groups: dict[str, set[str]] = {}
    for document_id, chunk_id in pairs:
        groups.setdefault(document_id, set()).add(chunk_id)
    return groups


def _damaged(key: str, error: Exception) -> Rejected:
    return Rejected(
        f"The object {key} is damaged: {error}.", code="object_damaged", next_step="Index its document again."
    )
