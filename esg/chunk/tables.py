"""table -> which of its rows are headers."""

from esg.domain import Block, Page, Table


def header_rows(page: Page, block: Block) -> int:
    """Count the rows that head the columns: those before the first cell that stands under a header."""
    table = _table(page, block)
    if table is None:
        return 0
    heads = [not any(cell.header for cell in row) for row in table.rows]
    return heads.index(False) if False in heads else 0


def _table(page: Page, block: Block) -> Table | None:
    return next((table for table in page.tables if table.start < block.end and block.start < table.end), None)
