"""The database as of one moment ↔ a file: SQLite's `VACUUM INTO`, PostgreSQL's pg_dump and pg_restore."""

import os
import shutil
import subprocess
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from esg.errors import EsgError, Misconfigured
from esg.state.engine import open_engine, reading

SQLITE_FILE, POSTGRES_FILE = "state.sqlite", "state.pgdump"


def save(engine: Engine, folder: Path) -> Path:
    """Write all rows as they are at one moment, while others go on; returns the file."""
    if engine.dialect.name == "sqlite":
        path = folder / SQLITE_FILE
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.connection.cursor().execute("VACUUM INTO ?", (str(path),))
    else:
        path = folder / POSTGRES_FILE
        _run("pg_dump", engine, "--format=custom", "--no-owner", "--no-privileges", f"--file={path}")
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return path


def load(folder: Path, url: str) -> None:
    """Bring back what `save` wrote; raises Misconfigured where there are tables, or it is of another kind."""
    engine = open_engine(url)
    try:
        _insist_on_empty(engine)
        source = folder / (SQLITE_FILE if engine.dialect.name == "sqlite" else POSTGRES_FILE)
        if not source.is_file():
            raise Misconfigured(
                f"The backup in {folder} is not of a {engine.dialect.name} database.",
                next_step="Set ESG_DATABASE_URL to one of the kind that was backed up.",
            )
        if engine.dialect.name == "sqlite":
            engine.dispose()
            _replace(source, Path(str(engine.url.database)))
        else:
            _run("pg_restore", engine, "--no-owner", "--no-privileges", "--exit-on-error",
                 "--single-transaction", f"--dbname={_address(engine)}", str(source))  # fmt: skip
    finally:
        engine.dispose()


def _insist_on_empty(engine: Engine) -> None:
    with reading(engine) as tx:
        if sa.inspect(tx).get_table_names():
            raise Misconfigured(
                "There are tables in the database that would be restored to.",
                next_step="Point ESG_HOME or ESG_DATABASE_URL to an empty one, or put this one away first.",
            )


def _replace(source: Path, path: Path) -> None:
    """Put a copy where nothing was but the empty file that looking has made."""
    for name in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        name.unlink(missing_ok=True)
    draft = path.with_name(f"{path.name}.restoring")
    shutil.copyfile(source, draft)
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.replace(path)


def _run(program: str, engine: Engine, *options: str) -> None:
    """Run one of PostgreSQL's programs on the engine's database; its password is in the environment only."""
    found = shutil.which(program)
    if found is None:
        raise Misconfigured(
            f"{program} is not on the PATH.",
            next_step="Install PostgreSQL's client programs, of the server's version or newer.",
        )
    target = (f"--dbname={_address(engine)}",) if program == "pg_dump" else ()
    environment = os.environ | {"PGPASSWORD": engine.url.password or ""}
    ran = subprocess.run(  # noqa: S603  # nosec B603  # a program of PostgreSQL's, with our own options
        [found, *target, *options], env=environment, capture_output=True, text=True, check=False
    )
    if ran.returncode:
        said = ran.stderr.strip().splitlines()[:1] or [f"exit code {ran.returncode}"]
        raise EsgError(f"{program} says: {said[0]}", next_step="Check ESG_DATABASE_URL and its rights.")


def _address(engine: Engine) -> str:
    """The URL as libpq takes it, without the password."""
    return engine.url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
