"""INSERT … ON CONFLICT, which SQLite and PostgreSQL spell alike and SQLAlchemy files under each dialect."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection


def insert(tx: Connection, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """Begin an INSERT that can end in `on_conflict_do_nothing` or `on_conflict_do_update`; it counts rows."""
    statement = postgresql.insert(table) if tx.dialect.name == "postgresql" else sqlite.insert(table)
    return statement.execution_options(preserve_rowcount=True)
