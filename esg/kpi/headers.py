"""A table → the headers over each of its rows, without what only spilled over from a neighbour."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from esg.domain import Cell, Page, Table
from esg.kpi import lexicon, periods
from esg.kpi.rows import cell_text

Columns = Mapping[int, str]

_OTHER_YEARS = re.compile(r"\b(?:base(?:line)?|target|goal|due|deadline|founded|since)\b", re.IGNORECASE)

_GAS = re.compile(r"co2|n2o|ch4|sf6", re.IGNORECASE)


def headers(page: Page, table: Table, company: str) -> list[Columns]:
    """Give what stands over the columns of each row, without the company's own name.

    A row of the body that names years and holds no figure heads the rows below it: it completes the header it
    follows at once, and replaces any other.
    """
    over: Columns = {c: " ".join(path) for c, path in _paths(table, company).items()}
    body = next((at for at, row in enumerate(table.rows) if any(cell.header for cell in row)), 0)
    found: list[Columns] = [over] * body
    under_header = body > 0
    for row in table.rows[body:]:
        if _heads(page, row):
            own = {cell.column: lexicon.without(cell_text(page, cell), company) for cell in row}
            over = _joined(over, own) if under_header else own
        else:
            under_header = False
        found.append(over)
    return found


def _joined(outer: Columns, inner: Columns) -> Columns:
    return {c: f"{outer.get(c, '')} {inner.get(c, '')}".strip() for c in {*outer, *inner}}


def _heads(page: Page, row: Sequence[Cell]) -> bool:
    """Whether a row names years and holds no figure.

    A row that is called like a KPI holds figures unless they are years that follow one another; one of base
    or target years is no header either.
    """
    texts = [cell_text(page, cell) for cell in row]
    if not texts or _OTHER_YEARS.search(texts[0]):
        return False
    behind = texts if _is_year(texts[0]) else texts[1:]
    if lexicon.name(texts[0]) and not _follow(behind):
        return False
    return any(map(_is_year, behind)) and all(_is_year(t) or not _holds_figure(t) for t in behind)


def _follow(texts: Sequence[str]) -> bool:
    """Whether texts are two years or more, each the one before or after its neighbour."""
    years = [period.year for text in texts if (period := periods.only(text))]
    return len(years) == len(texts) > 1 and {abs(b - a) for a, b in pairwise(years)} == {1}


def _is_year(text: str) -> bool:
    """Whether a text names a year and holds no other figure: "2023", "FY23", "2022 restated¹"."""
    return periods.only(text) is not None and not _holds_figure(periods.without(text))


def _holds_figure(text: str) -> bool:
    return bool(re.search(r"\d", _GAS.sub(" ", lexicon.clean(text))))


def _paths(table: Table, company: str) -> dict[int, tuple[str, ...]]:
    """Give the header path of every column.

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
