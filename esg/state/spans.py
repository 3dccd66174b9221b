"""Statements → spans, in whatever span is open: what was done to which table, never the values."""

import re
import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from esg import tracing

TABLE = re.compile(r'\b(?:FROM|INTO|UPDATE)\s+"?([a-z_]+)', re.IGNORECASE)
STARTED = "esg_started_ns"


def watch(engine: Engine) -> None:
    """Tell of each statement, where tracing is on and the statement is part of something."""
    sa.event.listen(engine, "before_cursor_execute", _begin)
    sa.event.listen(engine, "after_cursor_execute", _end)
    sa.event.listen(engine, "handle_error", _fail)


def summary(statement: str) -> tuple[str, str]:
    """Give a statement's operation and the first table it names."""
    operation, _, _ = statement.lstrip().partition(" ")
    table = TABLE.search(statement)
    return operation.partition("\n")[0].upper(), table[1] if table else ""


def _begin(_connection: Any, _cursor: Any, _statement: str, _values: Any, context: Any, _many: bool) -> None:
    if tracing.is_on():
        setattr(context, STARTED, time.time_ns())


def _end(connection: Any, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool) -> None:
    _tell(connection.dialect.name, statement, context)


def _fail(failed: Any) -> None:
    if failed.execution_context is not None and failed.statement:
        kind = type(failed.original_exception).__name__
        _tell(failed.dialect.name, failed.statement, failed.execution_context, kind)


def _tell(system: str, statement: str, context: Any, failure: str = "") -> None:
    started = context.__dict__.pop(STARTED, None)
    if started is None:
        return
    operation, table = summary(statement)
    about = {"db.system.name": system, "db.operation.name": operation}
    if table:
        about["db.collection.name"] = table
    tracing.record(f"{operation} {table}".strip(), started, attributes=about, failure=failure)
