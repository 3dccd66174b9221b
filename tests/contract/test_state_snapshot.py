"""A copy of the database as of one moment, and the way back; on SQLite and PostgreSQL."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from esg.errors import EsgError, Misconfigured
from esg.state import State, open_engine, snapshot
from esg.state.schema import metadata
from tests.fakes.little_fleet import Clock, LittleFleet, open_state
from tests.servers.postgres import programs


@pytest.fixture(autouse=True)
def _client_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian's pg_dump may be older than the server of the tests; that server's own is not."""
    monkeypatch.setenv("PATH", f"{programs()}{os.pathsep}{os.environ['PATH']}")


def contents(url: str) -> dict[str, list[tuple[object, ...]]]:
    engine = open_engine(url)
    with engine.connect() as connection:
        rows = {
            table.name: sorted(map(tuple, connection.execute(table.select())), key=repr)
            for table in metadata.sorted_tables
        }
    engine.dispose()
    return rows


def test_every_row_comes_back_and_work_goes_on(
    new_database: Callable[..., str], tmp_path: Path, clock: Clock
) -> None:
    url, other = new_database(), new_database(empty=True)
    engine = open_engine(url)
    fleet = LittleFleet(open_state(engine, clock), clock)
    done, begun = fleet.submit("done.pdf"), fleet.submit("begun.pdf")
    fleet.run(until="index.document")
    before = contents(url)

    snapshot.save(engine, tmp_path)
    later = fleet.submit("later.pdf")
    fleet.run()
    engine.dispose()
    snapshot.load(tmp_path, other)

    assert contents(other) == before
    restored = open_engine(other)
    again = LittleFleet(open_state(restored, clock), clock)
    again.state.hint_everything()
    again.run()
    assert {again.state.job(job.id).state for job in (done, begun)} == {"scored"}
    assert max(again.effects.values()) == 1
    assert again.submit("later.pdf").id != later.id
    again.run()
    assert {job.state for job in again.state.jobs()} == {"scored"}
    restored.dispose()


def test_a_database_with_tables_is_not_written_over(new_database: Callable[..., str], tmp_path: Path) -> None:
    url = new_database()
    engine = open_engine(url)
    snapshot.save(engine, tmp_path)
    engine.dispose()

    with pytest.raises(Misconfigured, match="There are tables"):
        snapshot.load(tmp_path, url)
    State.open(url).close()


def test_a_backup_of_the_other_kind_is_refused(
    database: str, new_database: Callable[..., str], tmp_path: Path
) -> None:
    other = snapshot.SQLITE_FILE if database == "postgres" else snapshot.POSTGRES_FILE
    (tmp_path / other).write_bytes(b"")

    with pytest.raises(Misconfigured, match="is not of a"):
        snapshot.load(tmp_path, new_database(empty=True))


def test_what_is_no_dump_is_told_in_a_sentence(
    database: str, new_database: Callable[..., str], tmp_path: Path
) -> None:
    if database == "sqlite":
        pytest.skip("a file of SQLite's is copied as it is")
    (tmp_path / snapshot.POSTGRES_FILE).write_bytes(b"no dump")

    with pytest.raises(EsgError, match="pg_restore says"):
        snapshot.load(tmp_path, new_database(empty=True))


def test_missing_client_programs_are_named(
    new_postgres_database: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine(new_postgres_database())
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(Misconfigured, match="pg_dump is not on the PATH"):
        snapshot.save(engine, tmp_path)
    engine.dispose()
