"""The roles of infra/postgres/roles.sql: the app cannot change the schema, the reader can change nothing.

That the app can do all that the fleet does the rest of this folder shows: on PostgreSQL it is that role.
"""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import ProgrammingError

from esg.errors import Misconfigured
from esg.state import State, give_rights, open_engine, upgrade
from esg.state.schema import metadata
from tests.servers.postgres import as_role, give_roles

OPEN_TO_READERS = {
    "documents", "companies", "company_names", "runs", "scorecards", "company_years", "reviews", "usage",
}  # fmt: skip


@pytest.fixture(scope="module")
def url(new_postgres_database: Callable[..., str]) -> str:
    return new_postgres_database()


@pytest.fixture(scope="module")
def app(url: str) -> Iterator[Engine]:
    engine = open_engine(as_role("esg_app", url))
    State(engine).submit("acme.pdf")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def reader(url: str) -> Iterator[Engine]:
    engine = open_engine(as_role("esg_reader", url))
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def owner(url: str) -> Iterator[Engine]:
    engine = open_engine(as_role("esg_owner", url))
    yield engine
    engine.dispose()


def is_refused(engine: Engine, statement: str) -> bool:
    try:
        with engine.begin() as tx:
            tx.execute(sa.text(statement))
    except ProgrammingError as error:
        return "permission denied" in str(error) or "must be owner" in str(error)
    return False


def test_the_tests_of_this_folder_are_the_app(new_postgres_database: Callable[..., str]) -> None:
    engine = open_engine(new_postgres_database())
    with engine.connect() as tx:
        assert tx.execute(sa.text("SELECT current_user")).scalar() == "esg_app"
        assert not tx.execute(sa.text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")).scalar()
    upgrade(engine)  # of a database that is up to date: nothing to be done, nothing that needs a right
    engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (a int)",
        "ALTER TABLE jobs ADD COLUMN a int",
        "DROP TABLE usage",
        "TRUNCATE jobs CASCADE",
        "CREATE INDEX mine ON jobs (state)",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA mine",
        "CREATE ROLE mine",
        "CREATE EXTENSION dblink",
        "GRANT SELECT ON api_keys TO esg_reader",
        "UPDATE alembic_version SET version_num = '9999'",
        "DELETE FROM schema_floor",
        "COPY jobs TO PROGRAM 'id'",
        "SELECT pg_read_file('/etc/passwd')",
    ],
)
def test_the_app_cannot(app: Engine, statement: str) -> None:
    if statement.startswith("GRANT"):  # PostgreSQL warns and grants nothing
        with app.begin() as tx:
            tx.execute(sa.text(statement))
            asked = sa.text("SELECT has_table_privilege('esg_reader', 'api_keys', 'SELECT')")
            assert tx.execute(asked).scalar() is False
        return
    assert is_refused(app, statement)


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_a_reader_reads_reports_and_writes_nothing(reader: Engine, app: Engine, table: str) -> None:
    del app
    assert is_refused(reader, f"SELECT count(*) FROM {table}") == (table not in OPEN_TO_READERS)
    assert is_refused(reader, f"DELETE FROM {table}")
    assert is_refused(reader, f"INSERT INTO {table} DEFAULT VALUES")


def test_the_app_may_not_migrate_and_says_who_may(
    new_postgres_database: Callable[..., str],
) -> None:
    url = new_postgres_database(empty=True)
    give_roles(url)
    engine = open_engine(as_role("esg_app", url))

    with pytest.raises(Misconfigured, match=r"esg_app may not change tables.*esg migrate.*owner"):
        upgrade(engine)
    engine.dispose()


def test_tables_of_before_there_were_roles_become_the_owners(
    new_postgres_database: Callable[..., str],
) -> None:
    url = new_postgres_database(empty=True)
    before = open_engine(url)
    upgrade(before)
    State(before).submit("acme.pdf", job_id="before")
    give_rights(before)  # as each `esg migrate` does: there is nobody to give them to
    before.dispose()

    give_roles(url)
    owner = open_engine(as_role("esg_owner", url))
    give_rights(owner)
    owner.dispose()

    app = open_engine(as_role("esg_app", url))
    assert State(app).submit("other.pdf")
    assert [job.id for job in State(app).jobs()][-1] == "before"
    assert is_refused(app, "DROP TABLE usage")
    app.dispose()


def test_running_it_again_changes_nothing(url: str, app: Engine, owner: Engine, postgres: str) -> None:
    told = "table_name, grantee, privilege_type"
    rights = f"SELECT {told} FROM information_schema.table_privileges ORDER BY {told}"
    with app.connect() as tx:
        before = tx.execute(sa.text(rights)).all()
        admin = sa.make_url(postgres).set(drivername="postgresql+psycopg", database=sa.make_url(url).database)
        give_roles(admin.render_as_string(hide_password=False))
        give_rights(owner)
        give_rights(app)  # which owns nothing, and gives nothing
        assert tx.execute(sa.text(rights)).all() == before
