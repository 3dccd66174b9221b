"""scorecards → one Parquet file with the rows of the CSV: `value` as text, as `number` where it is one."""

from collections.abc import Sequence

import pyarrow as pa

from esg.chunk import codec
from esg.domain import Scorecard
from esg.report.csv import COLUMNS, Row, facts

_NUMBERS = {"confidence": pa.float64(), "number": pa.float64()}
_COUNTS = dict.fromkeys(("year", "level", "fiscal_year", "restated", "page"), pa.int64())
_NAMES = [name for column in COLUMNS for name in ((column, "number") if column == "value" else (column,))]
SCHEMA = pa.schema([(name, (_NUMBERS | _COUNTS).get(name, pa.string())) for name in _NAMES])


def to_parquet(scorecards: Sequence[Scorecard]) -> bytes:
    """Write all facts of all scorecards; the same scorecards give the same bytes."""
    return codec.write(pa.Table.from_pylist([_typed(row) for row in facts(scorecards)], schema=SCHEMA))


def _typed(row: Row) -> Row:
    value = row["value"]
    number = float(value) if isinstance(value, int | float) else None
    return row | {"value": str(value), "number": number}
