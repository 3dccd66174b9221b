"""A table → the header of each of its columns, without what only spilled over from a neighbour."""

from collections import Counter

from esg.domain import Table
from esg.kpi import lexicon, periods


def headers(table: Table, company: str) -> dict[int, tuple[str, ...]]:
    """Give the header path of every column, without the company's own name.

    Where a path names two years ("2023" over "Base year 2019"), the one that stands over more columns belongs
    to a neighbour and is left out.
    """
    paths = {cell.column: cell.header for row in table.rows for cell in row if cell.header}
    spread = Counter(text for path in paths.values() for text in dict.fromkeys(path))
    own = {column: _own(path, spread) for column, path in paths.items()}
    columns = {0, *(cell.column for row in table.rows for cell in row)}
    return {c: tuple(lexicon.without(text, company) for text in own.get(c, ())) for c in columns}


def _own(path: tuple[str, ...], spread: Counter[str]) -> tuple[str, ...]:
    dated = {text: period for text in path if (period := periods.only(text))}
    if len({period.year for period in dated.values()}) < 2:
        return path
    least = min(spread[text] for text in dated)
    return tuple(text for text in path if text not in dated or spread[text] == least)
