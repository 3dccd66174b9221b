"""URL → engine: SQLite (WAL) or PostgreSQL, and the two ways to use it, `reading` and `writing`."""

import os
import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.engine import URL, Connection, Engine, make_url

from esg.errors import Misconfigured, Transient
from esg.state import spans

BUSY_SECONDS = 30  # how long a writer waits for another one before the error is Transient
POOL_SIZE = 16  # the widest pool of threads that shares one engine
SQLITE_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}
POSTGRES_OPTIONS = (
    f"-c timezone=UTC -c lock_timeout={BUSY_SECONDS}s -c idle_in_transaction_session_timeout=60s"
)


def open_engine(url: str) -> Engine:
    """Open the database of `url`, creating a SQLite file's folder; raises Misconfigured for any other URL."""
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        engine = _open_sqlite(parsed)
    elif parsed.get_backend_name() in ("postgresql", "postgres"):
        engine = _open_postgres(parsed)
    else:
        raise Misconfigured(
            f"The state cannot be kept in {parsed.get_backend_name()}.",
            next_step="Set ESG_DATABASE_URL to sqlite:///PATH or postgresql://USER@HOST/NAME.",
        )
    _forget_in_children(engine)
    spans.watch(engine)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Read one consistent state; raises Transient when the database does not answer."""
    with _translated(), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine, *, is_durable: bool = True) -> Iterator[Connection]:
    """Write in one transaction, committed at the end of the block; raises Transient when it could not be.

    What need not outlive a power cut (leases, hints) does not wait for SQLite's disk: the workers it is about
    are on the same machine, and die with it. PostgreSQL keeps everything.
    """
    options = {"sqlite_begin": "IMMEDIATE", "sqlite_synchronous": "FULL" if is_durable else "NORMAL"}
    with (
        _translated(),
        engine.connect().execution_options(**options) as connection,
        connection.begin(),
    ):
        yield connection


def _parse(url: str) -> URL:
    try:
        return make_url(url)
    except exc.ArgumentError as error:
        raise Misconfigured(
            "ESG_DATABASE_URL is not a database URL.",
            next_step="Write it as sqlite:///PATH or postgresql://USER@HOST/NAME.",
        ) from error


def _open_sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise Misconfigured(
            "The state needs a SQLite file: every worker process opens it.",
            next_step="Set ESG_DATABASE_URL to sqlite:///PATH.",
        )
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        url, connect_args={"timeout": BUSY_SECONDS}, pool_size=POOL_SIZE, max_overflow=POOL_SIZE
    )
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """Take BEGIN out of pysqlite's hands (SQLAlchemy docs, "pysqlite: serializable isolation")."""
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    connection.execute("PRAGMA foreign_keys=ON")
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("PRAGMA journal_mode=WAL")


def _begin_sqlite(connection: Connection) -> None:
    """Let writers queue up at BEGIN: a read that turned into a write would fail at once as "locked".

    The PRAGMA goes past SQLAlchemy, which would take ten times as long over it as SQLite does.
    """
    options = connection.get_execution_options()
    database = cast("sqlite3.Connection", connection.connection.driver_connection)
    database.execute(f"PRAGMA synchronous={options.get('sqlite_synchronous', 'FULL')}")
    connection.exec_driver_sql(f"BEGIN {options.get('sqlite_begin', 'DEFERRED')}")


def _open_postgres(url: URL) -> Engine:
    try:
        return sa.create_engine(
            url.set(drivername="postgresql+psycopg"),
            connect_args={"options": POSTGRES_OPTIONS, "connect_timeout": 10},
            pool_pre_ping=True,
            pool_size=POOL_SIZE,
            max_overflow=POOL_SIZE,
        )
    except ModuleNotFoundError as error:
        raise Misconfigured(
            "The PostgreSQL driver is not installed.", next_step="Run: pip install 'esg-engine[postgres]'"
        ) from error


def _forget_in_children(engine: Engine) -> None:
    """A forked child must not talk on its parent's connections; it opens its own."""
    reference = weakref.ref(engine)

    def forget() -> None:
        if (inherited := reference()) is not None:
            inherited.dispose(close=False)

    os.register_at_fork(after_in_child=forget)


@contextmanager
def _translated() -> Iterator[None]:
    """Turn "locked", "gone" and "pool exhausted" into Transient; everything else is a bug and stays loud."""
    try:
        yield
    except (exc.OperationalError, exc.InterfaceError, exc.TimeoutError, sqlite3.OperationalError) as error:
        if _is_bug(error):
            raise
        raise Transient(
            "The state database does not answer.", next_step="Check ESG_DATABASE_URL with `esg doctor`."
        ) from error


def _is_bug(error: Exception) -> bool:
    """SQLite files "no such table" under OperationalError too: tell it from a file that is busy or away."""
    original = error.orig if isinstance(error, exc.DBAPIError) else error
    return (
        isinstance(original, sqlite3.OperationalError)
        and original.sqlite_errorcode & 0xFF not in SQLITE_PASSING
    )
