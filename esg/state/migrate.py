"""Bring a database's schema up to this code's, once, however many processes start at the same time.

Old and new releases work side by side while one replaces the other: a migration only adds, and the database
says in `schema_floor` which is the oldest code that may work on it (docs/operations/upgrade.md).
"""

import logging
from importlib import resources

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.engine import Connection, Engine

from esg.errors import Misconfigured
from esg.state.engine import reading, writing
from esg.state.schema import REVISION, schema_floor

LOCK = 0x657367  # "esg": the key of PostgreSQL's advisory lock; SQLite's is the write lock itself
DENIED = "42501"  # PostgreSQL's insufficient_privilege


def upgrade(engine: Engine) -> None:
    """Create or migrate the tables.

    Raises Misconfigured when a newer esg has changed them past this one, or this user may not change them.
    """
    with reading(engine) as tx:
        if _is_current(tx):
            return
    with writing(engine) as tx:
        if tx.dialect.name == "postgresql":
            tx.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
        if not _is_current(tx):
            logging.getLogger(__name__).info("state: migrating the schema to %s", REVISION)
            try:
                _migrate(tx)
            except exc.ProgrammingError as error:
                if getattr(error.orig, "sqlstate", "") == DENIED:
                    raise _denied(str(tx.engine.url.username)) from error
                raise


def revision(tx: Connection) -> str:
    """The database's revision, "" where there is none."""
    if not sa.inspect(tx).has_table("alembic_version"):
        return ""
    return tx.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() or ""


def floor(tx: Connection) -> str:
    """The revision that code must know to work on these tables; where the database does not say, its own."""
    if sa.inspect(tx).has_table(schema_floor.name):
        told: str | None = tx.execute(sa.select(sa.func.max(schema_floor.c.revision))).scalar()
        return told or revision(tx)
    return revision(tx)


def _is_current(tx: Connection) -> bool:
    found = revision(tx)
    if found > REVISION and floor(tx) > REVISION:
        raise Misconfigured(
            f"The state database has schema {found}; this esg knows {REVISION}: a newer esg wrote it.",
            next_step="Update esg, or point ESG_DATABASE_URL to another database.",
        )
    return found >= REVISION


def _denied(user: str) -> Misconfigured:
    return Misconfigured(
        f"The state database is not at schema {REVISION}, and its user {user} may not change tables.",
        next_step="Run `esg migrate` as their owner first (docs/operations/security.md).",
    )


def _migrate(tx: Connection) -> None:
    """Run the migrations; Alembic is loaded here alone, for every process of the fleet passes here."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(resources.files("esg.state") / "migrations"))
    config.attributes["connection"] = tx
    command.upgrade(config, "head")
