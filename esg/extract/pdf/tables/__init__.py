"""Lines and rules of a page → its tables."""

from esg.extract.pdf.tables.find import find_tables
from esg.extract.pdf.tables.grid import Grid, GridCell

__all__ = ["Grid", "GridCell", "find_tables"]
