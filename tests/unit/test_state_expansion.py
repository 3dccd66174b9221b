"""Migrations only add, so old workers go on beside new ones; what takes away is a contract of its own."""

import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from esg.errors import Misconfigured
from esg.state import State, open_engine, upgrade
from esg.state.engine import reading, writing
from esg.state.migrate import floor
from esg.state.schema import CONTRACTS, REVISION, schema_floor

_ADDS = re.compile(
    r"CREATE (TABLE|INDEX)\b|(INSERT INTO|UPDATE) alembic_version\b|ANALYZE\b|INSERT INTO sqlite_stat1\b",
    re.I,
)
_COLUMN = re.compile(r"ALTER TABLE \S+ ADD COLUMN \S+ (?P<rest>.*)", re.I | re.S)
_UNIQUE = re.compile(r"CREATE UNIQUE INDEX \S+ ON \"?(?P<table>\w+)", re.I)
_INSERT = re.compile(r"(INSERT INTO|UPDATE) \"?(?P<table>\w+)", re.I)
_MADE = re.compile(r"CREATE TABLE \"?(?P<table>\w+)", re.I)
_READS = re.compile(r"\s*(SELECT|PRAGMA|BEGIN)\b", re.I)


def is_expansion(statement: str, made: set[str]) -> bool:
    """Whether code that knows nothing of it works on as before; `made` are tables of the same migration."""
    if column := _COLUMN.match(statement.strip()):
        return "NOT NULL" not in column["rest"].upper() or "DEFAULT" in column["rest"].upper()
    if unique := _UNIQUE.match(statement.strip()):
        return unique["table"] in made
    if _ADDS.match(statement.strip()):
        return True
    written = _INSERT.match(statement.strip())
    return written is not None and written["table"] in made


@pytest.mark.parametrize(
    ("statement", "adds"),
    [
        ("CREATE TABLE new (id INTEGER)", True),
        ("CREATE INDEX ix_jobs_year ON jobs (year)", True),
        ("ALTER TABLE jobs ADD COLUMN lane TEXT", True),
        ("ALTER TABLE jobs ADD COLUMN lane TEXT DEFAULT '' NOT NULL", True),
        ("INSERT INTO new (id) VALUES (1)", True),
        ("ANALYZE jobs", True),
        ("ALTER TABLE jobs ADD COLUMN lane TEXT NOT NULL", False),
        ("ALTER TABLE jobs DROP COLUMN year", False),
        ("ALTER TABLE jobs RENAME COLUMN year TO fiscal_year", False),
        ("ALTER TABLE jobs RENAME TO orders", False),
        ("ALTER TABLE jobs ALTER COLUMN year SET NOT NULL", False),
        ("ALTER TABLE jobs ADD CONSTRAINT uq UNIQUE (year)", False),
        ("CREATE UNIQUE INDEX uq_jobs_year ON jobs (year)", False),
        ("DROP TABLE jobs", False),
        ("DROP INDEX ix_jobs_year", False),
        ("DELETE FROM jobs", False),
        ("UPDATE jobs SET year = 0", False),
    ],
)
def test_what_old_code_would_stumble_over_is_no_expansion(statement: str, adds: bool) -> None:
    assert is_expansion(statement, {"new"}) is adds


def migrations(folder: Path) -> Iterator[tuple[str, list[str], str]]:
    """Run each migration by itself; give its revision, its statements and the floor after it."""
    config = Config()
    config.set_main_option("script_location", str(resources.files("esg.state") / "migrations"))
    scripts = ScriptDirectory.from_config(config)
    engine = open_engine(f"sqlite:///{folder / 'state.sqlite'}")
    said: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not _READS.match(statement):
            said.append(statement)

    sa.event.listen(engine, "before_cursor_execute", hear)
    for script in reversed(list(scripts.walk_revisions())):
        said.clear()
        with writing(engine) as tx:
            config.attributes["connection"] = tx
            command.upgrade(config, script.revision)
        written = list(said)
        with reading(engine) as tx:
            yield script.revision, written, floor(tx)
    engine.dispose()


def test_every_migration_only_adds_or_is_a_contract_that_raises_the_floor(tmp_path: Path) -> None:
    seen = []
    for revision, statements, oldest in migrations(tmp_path):
        seen.append(revision)
        assert statements, revision
        if revision in CONTRACTS:
            assert oldest == revision, f"{revision} must write itself into schema_floor: old code stumbles"
            continue
        made = {found["table"] for one in statements if (found := _MADE.match(one.strip()))}
        takes = [one for one in statements if not is_expansion(one, made)]
        assert takes == [], f"{revision} takes away: do it a release later, and list it in CONTRACTS"
    assert seen[-1] == REVISION
    assert set(CONTRACTS) <= set(seen)


def test_old_code_goes_on_where_a_newer_release_only_added(tmp_path: Path) -> None:
    """As a worker's child does that starts while the release rolls out."""
    url = _of_a_newer_release(tmp_path, oldest=REVISION)

    state = State.open(url)

    assert state.submit("report.pdf", job_id="one").id == "one"
    state.close()


def test_old_code_ends_where_a_newer_release_took_away(tmp_path: Path) -> None:
    url = _of_a_newer_release(tmp_path, oldest="9999")

    with pytest.raises(Misconfigured, match="a newer esg wrote it"):
        State.open(url)


def _of_a_newer_release(folder: Path, *, oldest: str) -> str:
    url = f"sqlite:///{folder / 'state.sqlite'}"
    engine = open_engine(url)
    upgrade(engine)
    with writing(engine) as tx:
        tx.execute(sa.text("ALTER TABLE jobs ADD COLUMN lane TEXT NOT NULL DEFAULT ''"))
        tx.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        tx.execute(schema_floor.update().values(revision=oldest))
    engine.dispose()
    return url
