"""A table that goes on from the page before → the unit in the header that it left there."""

from collections.abc import Iterable, Iterator

from esg.domain import Page, Table
from esg.kpi import units
from esg.kpi.context import TITLE_LENGTH


def carried_units(pages: Iterable[Page]) -> Iterator[str]:
    """Give for the first table of each page the unit that it carries on, "" where it begins anew."""
    unit = ""
    for page in pages:
        goes_on = bool(page.tables) and not _is_headed(page.tables[0]) and _is_on_top(page)
        unit = unit if goes_on else ""
        yield unit
        unit = _left(page, unit)


def _left(page: Page, unit: str) -> str:
    """The unit that a page's last table leaves to the next page."""
    if not page.tables or not _ends(page):
        return ""
    return _unit_of(page.tables[-1]) if any(map(_is_headed, page.tables)) else unit


def _unit_of(table: Table) -> str:
    """The unit in the header of the last column."""
    cells = [row[-1] for row in table.rows if row and row[-1].header]
    header = " ".join(cells[-1].header) if cells else ""
    found = (units.find(header, dimension) for dimension in units.PHYSICAL)
    return next((unit.text for unit in found if unit), "")


def _is_headed(table: Table) -> bool:
    return any(cell.header for row in table.rows for cell in row)


def _is_on_top(page: Page) -> bool:
    """Whether nothing but a short title stands over the first table."""
    above = [b for b in page.blocks if b.end <= page.tables[0].start and not b.kind.is_running]
    return len(above) <= 1 and all(b.end - b.start <= TITLE_LENGTH for b in above)


def _ends(page: Page) -> bool:
    """Whether nothing stands below the last table."""
    return not any(b.start >= page.tables[-1].end and not b.kind.is_running for b in page.blocks)
