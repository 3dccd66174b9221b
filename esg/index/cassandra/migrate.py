"""Bring the tables up to date: numbered CQL files, each applied once, by one process at a time.

Cassandra has no transactions over tables, and tables that two nodes make at once may differ; so who migrates
holds a lock (a compare-and-set, whose row ends by itself should its holder die), and every statement says
IF NOT EXISTS, so that a migration which was cut off is done again.
"""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from esg.errors import Misconfigured, Transient
from esg.index.cassandra.connect import Keyspace
from esg.index.cassandra.schema import ask, is_known
from esg.index.cassandra.scripts import FOLDER, statements

LOCK_SECONDS = 120  # a lock whose holder died is free after it
_POLL_SECONDS = 0.25
_BOOKS = ("migrations", "locks")


class Migration(NamedTuple):
    version: int
    statements: tuple[str, ...]


def migrations(folder: str, **names: str) -> list[Migration]:
    """Read the migrations of a folder, the first first, `$name` replaced."""
    files = sorted(path.name for path in (FOLDER / "migrations" / folder).iterdir())
    return [
        Migration(int(name.partition("_")[0]), statements(f"migrations/{folder}/{name}", **names))
        for name in files
    ]


def keep_books(keyspace: Keyspace) -> None:
    """Make the tables that migrating needs. Only here two processes may make a table at once."""
    query = "SELECT table_name FROM system_schema.tables WHERE keyspace_name = %s"
    listed = {row.table_name for row in keyspace.session.execute(query, (keyspace.bare_name,))}
    if not all(book in listed and is_known(keyspace.session, _any(keyspace, book)) for book in _BOOKS):
        _apply(keyspace, statements("migrations/bootstrap.cql", keyspace=keyspace.name))


def _any(keyspace: Keyspace, table: str) -> str:
    return f"SELECT * FROM {keyspace.name}.{table} LIMIT 1"  # noqa: S608  # nosec B608  # an identifier by Settings


def migrate(keyspace: Keyspace, scope: str, wanted: list[Migration], *, is_lost: bool = False) -> None:
    """Apply what `scope` lacks, or everything if its tables were lost; the books are kept already.

    Raises Transient when another process takes too long over it.
    """
    if not is_lost and not _pending(keyspace, scope, wanted):
        return
    with _locked(keyspace, scope):
        if is_lost:
            _forget(keyspace, scope)
        for migration in _pending(keyspace, scope, wanted):
            _apply(keyspace, migration.statements)
            _remember(keyspace, scope, migration)


def _forget(keyspace: Keyspace, scope: str) -> None:
    """Have all of it pending, so that an attempt which is cut off does not pass for the one before."""
    ask(keyspace.session, f"DELETE FROM {keyspace.name}.migrations WHERE scope = %s", scope)  # noqa: S608  # nosec B608  # an identifier by Settings


def _remember(keyspace: Keyspace, scope: str, applied: Migration) -> None:
    ask(
        keyspace.session,
        f"INSERT INTO {keyspace.name}.migrations (scope, version, applied_at) "  # noqa: S608  # nosec B608  # an identifier by Settings
        "VALUES (%s, %s, toTimestamp(now()))",
        scope,
        applied.version,
    )


def _pending(keyspace: Keyspace, scope: str, wanted: list[Migration]) -> list[Migration]:
    query = f"SELECT version FROM {keyspace.name}.migrations WHERE scope = %s"  # noqa: S608  # nosec B608  # an identifier by Settings
    applied = {row.version for row in ask(keyspace.session, query, scope)}
    if applied - {migration.version for migration in wanted}:
        raise Misconfigured(
            f"The table {scope} in keyspace {keyspace.bare_name} was made by an esg newer than this one.",
            next_step="Update esg, or set ESG_CASSANDRA_KEYSPACE to another keyspace.",
        )
    return [migration for migration in wanted if migration.version not in applied]


@contextmanager
def _locked(keyspace: Keyspace, name: str) -> Iterator[None]:
    table, holder = f"{keyspace.name}.locks", uuid.uuid4()
    take = f"INSERT INTO {table} (name, holder) VALUES (%s, %s) IF NOT EXISTS USING TTL {LOCK_SECONDS}"  # noqa: S608  # nosec B608  # an identifier by Settings
    deadline = time.monotonic() + LOCK_SECONDS
    while not ask(keyspace.session, take, name, holder).was_applied:
        if time.monotonic() > deadline:
            raise Transient(f"Another process has been changing the table {name} for {LOCK_SECONDS} s.")
        time.sleep(_POLL_SECONDS)
    try:
        yield
    finally:
        ask(keyspace.session, f"DELETE FROM {table} WHERE name = %s IF holder = %s", name, holder)  # noqa: S608  # nosec B608  # an identifier by Settings


def _apply(keyspace: Keyspace, changes: tuple[str, ...]) -> None:
    """Change the schema; the driver waits until all nodes know."""
    for statement in changes:
        keyspace.session.execute(statement, timeout=LOCK_SECONDS / 2)
