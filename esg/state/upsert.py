"""INSERT … ON CONFLICT, compiled once: SQLAlchemy would do so each time, which costs more than running it."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect

Rows = Mapping[str, Any] | Sequence[Mapping[str, Any]]  # all with the same columns
SHAPES = 256  # of statements that are kept compiled


def upsert(
    tx: Connection,
    table: sa.Table,
    rows: Rows,
    *,
    key: Collection[str] = (),
    update: Collection[str] = (),
    add: Collection[str] = (),
    where: sa.ColumnElement[bool] | None = None,
    **values: object,
) -> int:
    """Insert rows, or take over `update` and sum up `add` where one is there by `key`; count what is written.

    With neither, a row that is there stays as it is. `where` says which may be changed, with `values` for its
    parameters; it must be one object for all calls, since it is part of what is known as compiled.
    """
    if not rows:
        return 0
    first = rows if isinstance(rows, Mapping) else rows[0]
    shape = (tuple(first), tuple(key), tuple(update), tuple(add))
    given = [{**row, **values} for row in ([rows] if isinstance(rows, Mapping) else rows)]
    compiled = cast("sa.Executable", _compiled(tx.dialect, table, *shape, where))
    return tx.execute(compiled, given if len(given) > 1 else given[0]).rowcount


@lru_cache(maxsize=SHAPES)
def _compiled(
    dialect: Dialect,
    table: sa.Table,
    columns: tuple[str, ...],
    key: tuple[str, ...],
    update: tuple[str, ...],
    add: tuple[str, ...],
    where: sa.ColumnElement[bool] | None,
) -> sa.Compiled:
    statement = postgresql.insert(table) if dialect.name == "postgresql" else sqlite.insert(table)
    changes: dict[str, sa.ColumnElement[Any]] = {name: statement.excluded[name] for name in update}
    changes |= {name: table.c[name] + statement.excluded[name] for name in add}
    if changes:
        said = statement.on_conflict_do_update(index_elements=key, set_=changes, where=where)
    else:
        said = statement.on_conflict_do_nothing(index_elements=key or None)
    counted = said.inline().execution_options(preserve_rowcount=True)
    return counted.compile(dialect=dialect, column_keys=list(columns))
