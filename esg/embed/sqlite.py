"""A cache in one SQLite file, shared by all processes of a machine.

Every call opens its own connection: nothing is carried over a fork or between threads, and it costs
milliseconds where a batch takes a second.
"""

import json
import os
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import numpy as np

from esg.embed.cache import Vector
from esg.errors import Misconfigured, Transient

_SCHEMA = "CREATE TABLE IF NOT EXISTS embeddings (key TEXT PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"
_GET = "SELECT key, vector FROM embeddings WHERE key IN (SELECT value FROM json_each(?))"
_PUT = "INSERT OR IGNORE INTO embeddings VALUES (?, ?)"
_BUSY_SECONDS = 30.0


class SQLiteCache:
    """Vectors as little-endian float32; written in WAL mode, so readers never wait for a writer."""

    def __init__(self, path: Path) -> None:
        self._path = path
        if not path.exists():
            _create(path)
        self.get([])

    def get(self, keys: Sequence[str]) -> dict[str, Vector]:
        with self._connection() as connection:
            rows = connection.execute(_GET, (json.dumps(list(keys)),)).fetchall()
        return {key: np.frombuffer(vector, "<f4") for key, vector in rows}

    def put(self, vectors: Mapping[str, Vector]) -> None:
        rows = [(key, vector.astype("<f4").tobytes()) for key, vector in vectors.items()]
        with self._connection() as connection, connection:
            connection.executemany(_PUT, rows)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=_BUSY_SECONDS)) as connection:
                connection.execute("PRAGMA synchronous = NORMAL")
                yield connection
        except sqlite3.OperationalError as error:
            raise Transient(f"The embedding cache {self._path} did not answer: {error}.") from error
        except sqlite3.DatabaseError as error:
            raise Misconfigured(
                f"The embedding cache {self._path} cannot be read: {error}.",
                next_step="Remove the file: it holds only what can be computed again.",
            ) from error


def _create(path: Path) -> None:
    """Make the file elsewhere and link it into place: the change to WAL mode bears no second process."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".new-") as folder:
        new = Path(folder) / path.name
        with closing(sqlite3.connect(new)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(_SCHEMA)
        with suppress(FileExistsError):
            os.link(new, path)
