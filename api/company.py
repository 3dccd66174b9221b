"""slug → company, and the scorecard that speaks for a year of it."""

from api.deps import House
from api.problems import Problem
from esg.domain import Scorecard
from esg.state import Company


def find(house: House, slug: str) -> Company:
    """A company by its slug; a Problem where there is none."""
    found = next((c for c in house.state.companies() if c.slug == slug), None)
    if found is None:
        raise Problem(
            404, f"There is no company {slug!r}.", code="no_such_company", next_step="See /v1/companies."
        )
    return found


def card_json(house: House, company: Company, year: int | None) -> bytes:
    """The canonical JSON of a year, the newest where none is given: of all its documents, or of its only one.

    Raises a Problem where there is none (yet).
    """
    wanted = year if year is not None else max(company.years, default=None)
    return house.shelf.company_json(company.slug, wanted) or _of_one(house, company, wanted)


def card(house: House, company: Company, year: int | None = None) -> Scorecard:
    """The same, read."""
    return house.shelf.parsed(card_json(house, company, year))


def _of_one(house: House, company: Company, year: int | None) -> bytes:
    """The scorecard of the newest document of a year; raises a Problem where it has none."""
    records = house.state.documents(company.slug, year)
    key = next(filter(None, (house.state.scorecard_key(r.document.id) for r in records)), None)
    if key is None:
        years = ", ".join(map(str, company.years)) or "none that is known"
        raise Problem(
            404,
            f"There is no scorecard of {company.name} for {year or 'an unknown year'}.",
            code="no_scorecard",
            next_step=f"Its years: {years}.",
        )
    return house.resources.lake.scorecard(key)
