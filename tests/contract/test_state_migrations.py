"""Migrations: from nothing, by many at once, never backwards; on SQLite and PostgreSQL."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from esg.errors import Misconfigured
from esg.state import State, open_engine, upgrade
from esg.state.schema import REVISION, metadata, schema_floor

OPEN = (
    "import sys; from esg.state import State; State.open(sys.argv[1]).submit(sys.argv[2], job_id=sys.argv[2])"
)


def test_an_empty_database_gets_its_tables(new_database: Callable[..., str]) -> None:
    engine = open_engine(new_database(empty=True))

    upgrade(engine)
    upgrade(engine)

    assert set(metadata.tables) < set(sa.inspect(engine).get_table_names())
    engine.dispose()


def test_migrations_make_exactly_the_tables_of_the_schema(database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": _has_changed})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_newest_migration_is_the_one_the_code_knows() -> None:
    config = Config()
    config.set_main_option("script_location", "esg.state:migrations")

    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_four_processes_may_start_at_once(new_database: Callable[..., str]) -> None:
    url = new_database(empty=True)
    arguments = [[sys.executable, "-W", "error", "-c", OPEN, url, f"job-{number}"] for number in range(4)]

    processes = [
        subprocess.Popen(argument, stderr=subprocess.PIPE, env=os.environ.copy()) for argument in arguments
    ]
    errors = [process.communicate(timeout=120)[1].decode() for process in processes]

    assert [process.returncode for process in processes] == [0] * 4, errors
    state = State.open(url)
    assert {job.id for job in state.jobs()} == {f"job-{number}" for number in range(4)}
    state.close()


def test_a_database_of_a_newer_esg_that_took_something_away_is_left_alone(
    new_database: Callable[..., str],
) -> None:
    engine = open_engine(new_database(empty=True))  # of whoever may change its tables
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(schema_floor.update().values(revision="9999"))

    with pytest.raises(Misconfigured, match=r"9999.*newer esg wrote it"):
        upgrade(engine)
    engine.dispose()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://host/name", "no url at all"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(Misconfigured, match="ESG_DATABASE_URL"):
        open_engine(url)


def _has_changed(_context: object, _inspected: object, _column: object, found: object, ours: object) -> bool:
    """Compare what a type is in the database, whatever it is in Python."""
    while isinstance(ours, sa.TypeDecorator):
        ours = ours.impl_instance
    return getattr(found, "length", None) != getattr(ours, "length", None) or not _is_alike(found, ours)


def _is_alike(found: object, ours: object) -> bool:
    kinds = (sa.Text, sa.String, sa.DateTime, sa.Boolean, sa.Float, sa.Integer, sa.JSON)
    return next(k for k in kinds if isinstance(found, k)) == next(k for k in kinds if isinstance(ours, k))
