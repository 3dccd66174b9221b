"""/v1/compare: several companies side by side."""

from typing import Annotated

from fastapi import APIRouter, Query

from api import company_cards, schemas
from api.deps import Reader, TheHouse
from esg.domain import LONGEST_COMPANY

router = APIRouter(prefix="/v1/compare", tags=["companies"])

MOST_COMPANIES = 10

Name = Annotated[str, Query(min_length=1, max_length=LONGEST_COMPANY)]


@router.get("", response_model=schemas.Comparison)
def compare(
    caller: Reader,
    house: TheHouse,
    company: Annotated[
        list[Name],
        Query(min_length=1, max_length=MOST_COMPANIES, description="Name or slug; once for each company."),
    ],
    year: schemas.AnyYear = None,
) -> schemas.Comparison:
    """The scorecards of several companies: of one year, or of the newest of each."""
    found = [company_cards.find(house, name, year) for name in dict.fromkeys(company)]
    return schemas.Comparison(
        companies=[
            schemas.Compared(
                slug=one.company.slug, name=one.company.name, year=one.year, scorecard=one.as_dict()
            )
            for one in found
        ]
    )
