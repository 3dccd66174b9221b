"""The database itself: away, busy, forked, durable."""

import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from esg.errors import Misconfigured, Transient
from esg.state import State, engine, open_engine
from esg.state.engine import writing


def test_a_ping_asks_the_database(state: State) -> None:
    state.ping()


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg2"])
def test_a_database_that_is_away_may_come_back(scheme: str) -> None:
    state = State(open_engine(f"{scheme}://nobody@127.0.0.1:1/nothing"))

    with pytest.raises(Transient, match="does not answer"):
        state.ping()


def test_a_missing_driver_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(Misconfigured, match=r"pip install 'esg-engine\[postgres\]'"):
        open_engine("postgresql://somebody@127.0.0.1/nothing")


def test_a_file_that_is_locked_for_too_long_is_transient(
    new_sqlite_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    url = new_sqlite_database()
    state = State(open_engine(url))
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(Transient, match="does not answer"):
        state.submit("acme.pdf")

    other.execute("ROLLBACK")
    other.close()
    assert state.submit("acme.pdf").state == "queued"
    state.close()


def test_a_missing_table_is_a_bug_and_stays_loud(new_database: Callable[..., str]) -> None:
    state = State(open_engine(new_database(empty=True)))

    with pytest.raises(sa.exc.DBAPIError, match="jobs"):
        state.submit("acme.pdf")
    state.close()


def test_a_file_gets_its_folder(tmp_path: Path) -> None:
    state = State.open(f"sqlite:///{tmp_path}/some/where/state.sqlite")

    assert state.submit("acme.pdf").state == "queued"
    state.close()


def test_what_fails_halfway_leaves_nothing(state: State) -> None:
    job = state.submit("acme.pdf")

    with pytest.raises(ZeroDivisionError):
        _change_and_fail(state)

    assert state.job(job.id).source == "acme.pdf"


def _change_and_fail(state: State) -> None:
    with writing(state.engine) as tx:
        tx.execute(sa.text("UPDATE jobs SET source = 'changed'"))
        raise ZeroDivisionError


def test_a_forked_child_opens_its_own_connections(state: State) -> None:
    state.submit("parent.pdf")

    child = os.fork()
    if child == 0:
        try:
            for number in range(5):
                state.submit(f"child-{number}.pdf")
        except BaseException:
            os._exit(1)
        os._exit(0)
    for number in range(5):
        state.submit(f"parent-{number}.pdf")

    assert os.waitpid(child, 0)[1] == 0
    assert len(state.jobs()) == 11


def test_an_accepted_job_is_on_the_disk_of_sqlite(new_sqlite_database: Callable[[], str]) -> None:
    state = State(open_engine(new_sqlite_database()))
    levels: list[int] = []
    sa.event.listen(
        state.engine,
        "commit",
        lambda connection: levels.append(connection.exec_driver_sql("PRAGMA synchronous").scalar()),
    )

    state.submit("acme.pdf")
    state.dispatch()

    full, normal = 2, 1
    assert levels[0] == full
    assert levels[-1] == normal
    with state.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    state.close()
