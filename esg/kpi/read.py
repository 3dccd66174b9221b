"""pages → figures."""

from collections.abc import Sequence

from esg.domain import Document, Evidence, Kpi, Page
from esg.kpi.cite import cite


def read_kpis(document: Document, pages: Sequence[Page]) -> list[Kpi]:
    """Read the group's figures of the reporting year and the year before, with their quotes."""
    return []


def evidence_of(kpi: Kpi, pages: Sequence[Page]) -> Evidence:
    """The quote that a figure was read from."""
    page = next(p for p in pages if p.number == kpi.page)
    return cite(page, kpi.start, kpi.end)
