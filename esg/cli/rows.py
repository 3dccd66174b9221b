"""Rows of a query: as a table at the terminal, or as JSON."""

import pyarrow as pa
from rich.markup import escape
from rich.table import Table

from esg import report

LONGEST = 80  # characters of a cell


def grid(found: pa.Table) -> Table:
    """Lay rows out under their columns' names; what is long is cut."""
    table = Table(*map(escape, found.column_names), box=None, header_style="dim")
    for row in found.to_pylist():
        table.add_row(*(escape(_cell(value)) for value in row.values()))
    return table


def _cell(value: object) -> str:
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    if isinstance(value, float):
        value = f"{value:.12g}"
    return report.one_line("" if value is None else str(value), limit=LONGEST)
