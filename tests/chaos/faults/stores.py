"""What is written to is away, locked or full: the database, the lake, the disk. The clock jumps."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

import psutil
import sqlalchemy as sa

from tests.chaos.arena import Arena

JUMPS_SECONDS = (-3600, -60, -10, 10, 60, 3600)
UNLIMITED = resource.RLIM_INFINITY


@contextmanager
def restart_database(arena: Arena, random: Random) -> Iterator[None]:
    """kill -9 of PostgreSQL with every connection, and up again."""
    del random
    arena.servers["database"].restart()
    yield


@contextmanager
def lock_database(arena: Arena, random: Random) -> Iterator[None]:
    """Somebody else writes and does not come to an end: SQLite as a whole, PostgreSQL's `stage_runs`."""
    del random
    is_sqlite = arena.database == "sqlite"
    with arena.fleet.state.engine.connect() as connection:
        if is_sqlite:
            connection = connection.execution_options(sqlite_begin="IMMEDIATE")
        try:
            if not is_sqlite:
                connection.execute(sa.text("LOCK TABLE stage_runs IN ACCESS EXCLUSIVE MODE"))
            else:
                connection.execute(sa.text("SELECT 1"))
            yield
        finally:
            with suppress(sa.exc.DBAPIError):  # it was killed meanwhile
                connection.rollback()


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


def _limit(arena: Arena, size_bytes: int) -> None:
    for process in arena.trees():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            process.rlimit(psutil.RLIMIT_FSIZE, (size_bytes, UNLIMITED))
