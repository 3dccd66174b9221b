"""A company and a year → the scorecard over all its documents of that year."""

import json
from typing import Any, NamedTuple

from api.deps import House
from api.problems import Problem
from esg.domain import Scorecard
from esg.state import Company, Wanted


class YearCard(NamedTuple):
    """`data` is the canonical JSON; `year` is None where none is known of the one document."""

    company: Company
    year: int | None
    data: bytes

    def as_dict(self) -> dict[str, Any]:
        card: dict[str, Any] = json.loads(self.data)
        return card

    def parsed(self, house: House) -> Scorecard:
        return house.shelf.parsed(self.data)


def find(house: House, name: str, year: int | None) -> YearCard:
    """Look up a company's year, its newest where none is given; raises a Problem where it has no card."""
    company = find_company(house, name)
    wanted = year if year is not None else max(company.years, default=None)
    data = house.shelf.company_json(company.slug, wanted) or _of_one(house, company, wanted)
    return YearCard(company, wanted, data)


def find_company(house: House, name: str) -> Company:
    """A company that has a document, by its slug or name; raises a Problem."""
    found = house.state.companies(Wanted(company=name))
    if not found:
        raise unknown(name)
    return found[0]


def unknown(name: str) -> Problem:
    """The answer to whoever asks for a company that has no document."""
    return Problem(
        404, f"There is no company {name!r}.", code="no_such_company", next_step="See /v1/companies."
    )


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
