"""Vectors and chunks as one Parquet object a document, searched by DuckDB; no database file is shared.

Any number of processes read; an object is replaced whole, so a reader sees the old or the new one. A search
asks DuckDB for candidates, which reads nothing but vectors, and ranks these exactly.
"""

from collections.abc import Iterable, Sequence
from importlib.resources import files

import duckdb
import numpy as np
import pyarrow.dataset as ds
from pyarrow import fs

from esg.chunk import codec
from esg.domain import Chunk, Vectors
from esg.embed.cache import Vector
from esg.embed.codec import column, rows
from esg.errors import NotFound, Rejected, Transient
from esg.index.base import Found
from esg.index.nearest import check, nearest, stacked
from esg.objects import key_part, open_objects

_SLACK = 1e-3  # far more than the sums and the grid may be off
_ENDING = ".parquet"
_PATTERN = frozenset("*?[")  # DuckDB takes a path with one of these for a pattern


class DuckDBStore:
    """The vectors of one embedder, under `index/<embedder>/` of a folder or an object store."""

    def __init__(self, root_url: str, *, embedder_id: str) -> None:
        self._objects = open_objects(root_url)
        self._folder = f"index/{key_part(embedder_id)}"

    def upsert(self, document_id: str, chunks: Sequence[Chunk], vectors: Vectors) -> None:
        check(document_id, chunks, vectors)
        table = codec.to_table(chunks).append_column("vector", column(vectors))
        self._objects.replace(self._key(document_id), codec.write(table))

    def load(self, document_id: str) -> tuple[list[Chunk], Vectors]:
        key = self._key(document_id)
        try:
            table = codec.read(self._objects.read(key))
            return codec.from_table(table), rows(table["vector"])
        except NotFound as error:
            raise NotFound(f"There are no vectors of document {document_id}.") from error
        except (ValueError, KeyError, OSError) as error:
            raise _damaged(key, error) from error

    def search(self, vector: Vector, *, documents: Sequence[str] | None = None, k: int) -> list[Found]:
        keys = self._objects.keys(self._folder)
        if documents is not None:
            wanted = {self._key(document_id) for document_id in documents}
            keys = [key for key in keys if key in wanted]
        if not keys or k < 1:
            return []
        return self._ranked(vector, self._candidates(vector, keys, k), k)

    def delete(self, document_id: str) -> None:
        self._objects.delete(self._key(document_id))

    def size(self) -> int:
        keys = self._objects.keys(self._folder)
        return int(self._dataset(keys).count_rows()) if keys else 0

    def _key(self, document_id: str) -> str:
        return f"{self._folder}/{document_id}{_ENDING}"

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
