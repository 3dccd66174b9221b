"""What is known of a company: its newest year over all documents of it, or its one document's scorecard."""

from esg.cli import prefix, stored
from esg.company_years import judged
from esg.domain import Scorecard
from esg.resources import Resources
from esg.state import CompanyYear


def scorecard(opened: Resources, name: str, year: int | None = None) -> Scorecard:
    """Give the newest scorecard of a company (name or slug), or of a document (by the start of its id).

    Where the year has several documents they are judged together. Raises NotFound.
    """
    newest = stored.find(opened, name, year)[0]
    if newest.year is None or prefix.is_start(name, newest.document_id):
        return stored.read(opened, newest.key)
    together = opened.state.company_years(name, newest.year)
    return read(opened, together[0]) if together else stored.read(opened, newest.key)


def read(opened: Resources, one: CompanyYear) -> Scorecard:
    """Read a company-year's scorecard; one that the fleet has not made yet is made, and kept."""
    if one.key:
        return stored.read(opened, one.key)
    made, scorecard = judged(one, opened)
    opened.state.save_company_year(made)
    return scorecard
