"""The rows of gold's tables, whatever keeps them: of some scorecards, of this version, in order."""

from collections.abc import Collection, Sequence
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from esg.errors import NotFound
from esg.lake.gold import SCHEMAS


def of(table: pa.Table, trace_ids: Collection[str]) -> pa.Table:
    """Give the rows of some scorecards."""
    return table.filter(pc.is_in(table["trace_id"], pa.array(sorted(trace_ids), pa.string())))


def shaped(rows: pa.Table, name: str) -> pa.Table:
    """Give the columns that this version knows; one that an older table lacks is empty."""
    schema = SCHEMAS[name]
    there: Sequence[str] = rows.column_names
    values = [rows[f.name].cast(f.type) if f.name in there else pa.nulls(len(rows), f.type) for f in schema]
    return pa.table(values, schema=schema)


def ordered(rows: pa.Table) -> pa.Table:
    """Order by company, year and scorecard."""
    return rows.sort_by([("company", "ascending"), ("year", "ascending"), ("trace_id", "ascending")])


def not_of(moment: datetime | None) -> NotFound:
    """Say that there is no gold, or none of a moment."""
    if moment is None:
        return NotFound(
            "Gold was not written yet.", next_step="Have it written with `celery -A esg call etl.gold`."
        )
    return NotFound(
        f"There is no gold of {moment:%Y-%m-%d %H:%M} UTC: it was not written yet, or is no longer kept.",
        next_step="Ask of a later day.",
    )
