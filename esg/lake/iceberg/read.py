"""Iceberg → gold's tables, as they are or as they were."""

from collections.abc import Sequence
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc
from pyiceberg.catalog import Catalog
from pyiceberg.exceptions import NoSuchTableError
from pyiceberg.table import Table

from esg.errors import NotFound
from esg.lake.gold import SCHEMAS
from esg.lake.iceberg.layout import CHILDREN, SCORECARDS, load


def read(catalog: Catalog, namespace: str, *, as_of: datetime | None) -> dict[str, pa.Table]:
    """Give the tables of SCHEMAS with the rows that count; raises NotFound for a moment before the first.

    Rows are in the order of their companies, years and scorecards.
    """
    scorecards = _rows(load(catalog, namespace, SCORECARDS), SCORECARDS, as_of)
    if scorecards is None:
        raise NotFound(
            f"There is no gold of {as_of:%Y-%m-%d %H:%M} UTC: it was not written yet, or is no longer kept.",
            next_step="Ask of a later day.",
        )
    names = scorecards["trace_id"].combine_chunks()
    tables = {name: _part(catalog, namespace, name, names, as_of) for name in CHILDREN}
    return {name: _ordered((tables | {SCORECARDS: scorecards})[name]) for name in SCHEMAS}


def _part(catalog: Catalog, namespace: str, name: str, names: pa.Array, as_of: datetime | None) -> pa.Table:
    try:
        rows = _rows(load(catalog, namespace, name), name, as_of)
    except NoSuchTableError:  # of a version that gold was not written in yet
        rows = None
    if rows is None:
        return SCHEMAS[name].empty_table()
    return rows.filter(pc.is_in(rows["trace_id"], names))


def _rows(table: Table, name: str, as_of: datetime | None) -> pa.Table | None:
    """All rows of a table; None where it was empty of commits at that moment."""
    if as_of is None:
        return _shaped(table.scan().to_arrow(), name)
    snapshot = table.snapshot_as_of_timestamp(int(as_of.timestamp() * 1000))
    return (
        None if snapshot is None else _shaped(table.scan(snapshot_id=snapshot.snapshot_id).to_arrow(), name)
    )


def _shaped(rows: pa.Table, name: str) -> pa.Table:
    """Give the columns that this version knows; one that an older table lacks is empty."""
    schema = SCHEMAS[name]
    there: Sequence[str] = rows.column_names
    values = [rows[f.name].cast(f.type) if f.name in there else pa.nulls(len(rows), f.type) for f in schema]
    return pa.table(values, schema=schema)


def _ordered(rows: pa.Table) -> pa.Table:
    return rows.sort_by([("company", "ascending"), ("year", "ascending"), ("trace_id", "ascending")])
