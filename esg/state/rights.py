"""The tables' owner → what the other roles of a PostgreSQL may do with them (infra/postgres/roles.sql)."""

from importlib import resources

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from esg.state.engine import writing

_IS_OWNER = sa.text(
    "SELECT pg_has_role(tableowner, 'MEMBER') FROM pg_tables WHERE tablename = 'schema_floor'"
)


def give_rights(engine: Engine) -> None:
    """Grant each role what it needs and no more, where there are roles and the tables are this user's."""
    if engine.dialect.name != "postgresql":
        return
    with writing(engine) as tx:
        if tx.execute(_IS_OWNER).scalar():
            _run(tx, resources.files("esg.state").joinpath("rights.sql").read_text("utf-8"))


def _run(tx: Connection, script: str) -> None:
    """As it is written: a percent sign in it stands for no parameter."""
    tx.execution_options(no_parameters=True).exec_driver_sql(script)
