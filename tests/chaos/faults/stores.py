"""What is written to is away, locked or full: the database, the lake, the disk. The clock jumps."""

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any

import psutil
import psycopg
import sqlalchemy as sa

from tests.chaos.arena import Arena

DAY, HOUR = 86_400, 3600
JUMPS_SECONDS = (-DAY, -HOUR, -60, HOUR, DAY)  # ahead by less than a minute: gold is late by as much
UNLIMITED = resource.RLIM_INFINITY


@contextmanager
def restart_database(arena: Arena, random: Random) -> Iterator[None]:
    """kill -9 of PostgreSQL with every connection, and up again."""
    del random
    arena.servers["database"].restart()
    yield


@contextmanager
def lock_database(arena: Arena, random: Random) -> Iterator[None]:
    """Somebody else writes and comes to no end: to SQLite as a whole, to PostgreSQL's `stage_runs`."""
    del random
    with _locked(arena.fleet.state.engine.url):
        yield


@contextmanager
def hide_lake(arena: Arena, random: Random) -> Iterator[None]:
    """The lake's mount is gone: whatever is asked of it, the operating system refuses (ENOTDIR)."""
    del random
    lake = Path(arena.fleet.settings.lake)
    away = lake.with_name("lake-away")
    lake.rename(away)
    lake.touch()
    try:
        yield
    finally:
        lake.unlink()
        away.rename(lake)


@contextmanager
def fill_disk(arena: Arena, random: Random) -> Iterator[None]:
    """No file may grow any more (RLIMIT_FSIZE of every process of the fleet): logs, SQLite, lake, caches."""
    del random
    _limit(arena, 0)
    try:
        yield
    finally:
        for _ in range(2):  # a child that was being started inherited what its parent had
            _limit(arena, UNLIMITED)


@contextmanager
def turn_clock(arena: Arena, random: Random) -> Iterator[None]:
    """The wall clock of all processes jumps, and is put right again later."""
    arena.clock.turn(random.choice(JUMPS_SECONDS))
    try:
        yield
    finally:
        arena.clock.turn(0)


def _locked(url: sa.URL) -> closing[Any]:
    """A connection of our own that has the lock, unless a frozen worker has it."""
    refused: tuple[type[Exception], ...] = (sqlite3.OperationalError, psycopg.OperationalError)
    if url.get_backend_name() == "sqlite":
        connection: Any = sqlite3.connect(
            url.database or "", timeout=1, isolation_level=None, check_same_thread=False
        )
        lock = "BEGIN IMMEDIATE"
    else:
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = psycopg.connect(address, options="-c lock_timeout=1s")
        lock = "LOCK TABLE stage_runs IN ACCESS EXCLUSIVE MODE"
    with suppress(*refused):
        connection.execute(lock)
    return closing(connection)


def _limit(arena: Arena, size_bytes: int) -> None:
    for process in arena.trees():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            process.rlimit(psutil.RLIMIT_FSIZE, (size_bytes, UNLIMITED))
