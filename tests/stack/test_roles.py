"""A fleet that is `esg_app` in PostgreSQL does all there is to do, signed, and can do no more than that."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from psycopg.sql import SQL, Identifier
from sqlalchemy.exc import ProgrammingError

from esg import backup
from esg.settings import Settings
from esg.state import State, Unit, give_rights, open_engine, upgrade
from tests.fakes import databases
from tests.fakes.fleets import Fleet
from tests.fakes.samples import SAMPLE
from tests.servers.postgres import give_roles, programs

pytestmark = [
    pytest.mark.skipif(
        any(name not in os.environ for name in ("STACK_POSTGRES", "STACK_REDIS")),
        reason="needs `make test-stack`",
    ),
    pytest.mark.timeout(900),
]
OWNER, APP = "esg_owner", "esg_app"
PASSWORD = "of-both-in-this-test"
PATIENCE_SECONDS = 400.0


def of(role: str, url: str) -> str:
    return sa.make_url(url).set(username=role, password=PASSWORD).render_as_string(hide_password=False)


@contextmanager
def with_roles() -> Iterator[str]:
    """A database as docs/operations/security.md has it made, before its first migration."""
    with databases.temporary() as url:
        give_roles(url)
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as admin:
            for role in (OWNER, APP):
                admin.execute(SQL("ALTER ROLE {} PASSWORD {}").format(Identifier(role), PASSWORD))
        yield url


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with with_roles() as url:
        engine = open_engine(of(OWNER, url))
        upgrade(engine)
        give_rights(engine)
        engine.dispose()
        yield url


@pytest.fixture(scope="module")
def fleet(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    with Fleet(
        tmp_path_factory.mktemp("home"),
        ESG_DATABASE_URL=of(APP, database),
        ESG_BROKER_URL=databases.own_redis(),
        ESG_MESSAGE_KEY="of-this-test-alone-of-this-test-alone",
    ) as fleet:
        yield fleet


def test_it_scores_a_report_and_writes_gold(fleet: Fleet) -> None:
    fleet.start("ingest", "embed", "index", "score", is_faulty=False)
    job = fleet.submit(SAMPLE)
    fleet.until(lambda: all(one.is_over for one in fleet.jobs([job])), "a scorecard", PATIENCE_SECONDS)
    fleet.until_scored([job])
    unit = fleet.state.enqueue(Unit("etl.gold", "roles", {"call": "roles"}, on_queue="index"))
    fleet.until_state(unit, "done")

    assert fleet.resources.gold.tables()["scorecards"].num_rows == 1
    assert fleet.count("dead_letters") == 0
    with fleet.state.engine.connect() as tx:
        assert tx.execute(sa.text("SELECT current_user")).scalar() == APP


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("DROP TABLE scorecards", "must be owner"),
        ("TRUNCATE scorecards", "permission denied"),
        ("ALTER TABLE jobs DROP COLUMN source", "must be owner"),
        ("UPDATE alembic_version SET version_num = '9999'", "permission denied"),
        ("SELECT passwd FROM pg_shadow", "permission denied"),
        ("SELECT pg_read_file('/etc/passwd')", "permission denied"),
        ("COPY jobs TO PROGRAM 'id'", "permission denied"),
        ("SET ROLE esg_owner", "permission denied"),
    ],
)
def test_it_can_neither_change_tables_nor_read_what_is_not_its_own(
    fleet: Fleet, statement: str, refusal: str
) -> None:
    with pytest.raises(ProgrammingError, match=refusal), fleet.state.engine.begin() as tx:
        tx.execute(sa.text(statement))


def test_what_it_backs_up_the_owner_restores_and_it_works_on(
    fleet: Fleet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{programs()}{os.pathsep}{os.environ['PATH']}")
    made = backup.make(fleet.settings, tmp_path / "backup")

    with with_roles() as url:
        owner = Settings(home=tmp_path / "home", database_url=of(OWNER, url))
        backup.restore(owner, tmp_path / "backup")
        app = State.open(of(APP, url))

        assert made.scorecards == len(app.scorecards()) == 1
        assert app.submit("later.pdf").id
        with pytest.raises(ProgrammingError, match="must be owner"), app.engine.begin() as tx:
            tx.execute(sa.text("DROP TABLE scorecards"))
        app.close()
