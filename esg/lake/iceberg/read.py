"""Iceberg → gold's tables, as they are or as they were."""

from collections.abc import Collection
from datetime import datetime

import pyarrow as pa
from pyiceberg.catalog import Catalog
from pyiceberg.exceptions import NoSuchTableError
from pyiceberg.table import Table

from esg.lake.gold import SCHEMAS
from esg.lake.iceberg.layout import CHILDREN, SCORECARDS, load
from esg.lake.rows import not_of, of, ordered, shaped


def read(catalog: Catalog, namespace: str, *, as_of: datetime | None) -> dict[str, pa.Table]:
    """Give the tables of SCHEMAS with the rows that count; raises NotFound for a moment before the first.

    Rows are in the order of their companies, years and scorecards.
    """
    scorecards = _rows(load(catalog, namespace, SCORECARDS), SCORECARDS, as_of)
    if scorecards is None:
        raise not_of(as_of)
    names = scorecards["trace_id"].to_pylist()
    tables = {name: _part(catalog, namespace, name, names, as_of) for name in CHILDREN}
    return {name: ordered((tables | {SCORECARDS: scorecards})[name]) for name in SCHEMAS}


def _part(
    catalog: Catalog, namespace: str, name: str, names: Collection[str], as_of: datetime | None
) -> pa.Table:
    try:
        rows = _rows(load(catalog, namespace, name), name, as_of)
    except NoSuchTableError:  # of a version that gold was not written in yet
        rows = None
    if rows is None:
        return SCHEMAS[name].empty_table()
    return of(rows, names)


def _rows(table: Table, name: str, as_of: datetime | None) -> pa.Table | None:
    """All rows of a table; None where it was empty of commits at that moment."""
    if as_of is None:
        return shaped(table.scan().to_arrow(), name)
    snapshot = table.snapshot_as_of_timestamp(int(as_of.timestamp() * 1000))
    return None if snapshot is None else shaped(table.scan(snapshot_id=snapshot.snapshot_id).to_arrow(), name)
