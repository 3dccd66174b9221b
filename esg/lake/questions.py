"""SQL over gold: someone's own, or a question that has a name (`queries/NAME.sql`)."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files

import duckdb
import pyarrow as pa

from esg.errors import EsgError

_LOCKS = (  # a question reads the tables that it is given, and nothing else of this machine
    "SET enable_external_access = false",
    "SET python_enable_replacements = false",
    "SET lock_configuration = true",
)


@dataclass(frozen=True, slots=True)
class Question:
    """A named query; `about` is what its first line says that it answers."""

    name: str
    about: str
    sql: str


def questions() -> dict[str, Question]:
    """The questions that have a name, by it."""
    found = (path for path in (files("esg.lake") / "queries").iterdir() if path.name.endswith(".sql"))
    named = (_question(path.name.removesuffix(".sql"), path.read_text(encoding="utf-8")) for path in found)
    return {question.name: question for question in sorted(named, key=lambda q: q.name)}


def _question(name: str, sql: str) -> Question:
    return Question(name, sql.partition("\n")[0].removeprefix("--").strip(), sql)


def ask(sql: str, tables: Mapping[str, pa.Table]) -> pa.Table:
    """Answer one SELECT over the tables, which go by their names; raises EsgError where it is none."""
    with duckdb.connect(":memory:") as connection:
        for name, table in tables.items():
            connection.register(name, table)
        for lock in _LOCKS:
            connection.execute(lock)
        try:
            return _answer(connection, sql)
        except duckdb.Error as error:
            raise EsgError(
                f"The query cannot be answered: {str(error).rstrip('.')}.",
                next_step=f"The tables are {', '.join(sorted(tables))}; DESCRIBE one for its columns.",
            ) from error


def _answer(connection: duckdb.DuckDBPyConnection, sql: str) -> pa.Table:
    relation = connection.sql(sql)
    if relation is None:
        raise EsgError("The query gives no rows.", next_step="Write a SELECT.")
    if twice := [name for name, times in Counter(relation.columns).items() if times > 1]:
        raise EsgError(
            f"Several columns are called {', '.join(twice)}.", next_step="Tell them apart: SELECT … AS name."
        )
    return relation.to_arrow_table()


def plain(found: pa.Table) -> list[dict[str, object]]:
    """Give rows as JSON can hold them: sums are numbers, and what is no number is null."""
    return [{name: _plain(value) for name, value in row.items()} for row in found.to_pylist()]


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
