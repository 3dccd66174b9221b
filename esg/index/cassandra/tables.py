"""The tables of one embedder, made by migration when they are first needed."""

import hashlib
import re

from esg.errors import Misconfigured, Transient
from esg.index.cassandra.connect import Keyspace
from esg.index.cassandra.documents import Documents
from esg.index.cassandra.migrate import keep_books, migrate, migrations
from esg.index.cassandra.rows import Rows

_VECTOR = re.compile(r"vector<float, (\d+)>")


class Tables:
    """What a process works with; `rows` are there once the first vector was written."""

    def __init__(self, keyspace: Keyspace, embedder_id: str) -> None:
        keep_books(keyspace)
        migrate(keyspace, "documents", migrations("keyspace", keyspace=keyspace.name))
        self.documents = Documents(keyspace, embedder_id)
        self._keyspace, self._embedder = keyspace, embedder_id
        self._name = f"vectors_{hashlib.sha256(embedder_id.encode()).hexdigest()[:12]}"
        self._rows: Rows | None = None

    def rows(self) -> Rows | None:
        """Give the embedder's vectors, or None where there never were any; raises Misconfigured if lost."""
        if self._rows is None and (dimensions := self._dimensions()):
            self._migrate(dimensions)
            self._rows = Rows(self._keyspace, self._name, dimensions=dimensions)
        if self._rows is None and any(self.documents.size()):
            raise Misconfigured(
                f"Keyspace {self._keyspace.bare_name} has lost its table {self._name}.",
                next_step="Fill it again from the lake: esg index",
            )
        return self._rows

    def made_for(self, dimensions: int) -> Rows:
        """Give the embedder's vectors, making their table; raises Misconfigured if it is for another size."""
        if self._rows is None and self._dimensions() is None:
            self._migrate(dimensions, is_lost=True)
        rows = self.rows()
        if rows is None:
            raise Transient(f"The table {self._name} was made and is not seen yet.")
        self.check(rows, dimensions)
        return rows

    def check(self, rows: Rows, dimensions: int) -> None:
        """Raise Misconfigured unless vectors have the table's dimensions."""
        if rows.dimensions != dimensions:
            raise Misconfigured(
                f"In keyspace {self._keyspace.bare_name} the vectors of {self._embedder} have "
                f"{rows.dimensions} dimensions, those of the embedder now have {dimensions}.",
                next_step="Give an embedder that has changed another id, or set ESG_CASSANDRA_KEYSPACE to "
                "another keyspace and fill it: esg index",
            )

    def _migrate(self, dimensions: int, *, is_lost: bool = False) -> None:
        names = {"keyspace": self._keyspace.name, "vectors": self._name, "dimensions": str(dimensions)}
        migrate(self._keyspace, self._name, migrations("embedder", **names), is_lost=is_lost)

    def _dimensions(self) -> int | None:
        """Ask the server, which alone knows what others have made."""
        row = self._keyspace.session.execute(_COLUMN, (self._keyspace.bare_name, self._name)).one()
        if row is None:
            return None
        found = _VECTOR.fullmatch(row.type)
        if found is None:
            raise Misconfigured(
                f"The column vector of {self._keyspace.bare_name}.{self._name} is {row.type}.",
                next_step="Drop that table, which esg did not make, and start again.",
            )
        return int(found[1])


_COLUMN = (
    "SELECT type FROM system_schema.columns "
    "WHERE keyspace_name = %s AND table_name = %s AND column_name = 'vector'"
)
