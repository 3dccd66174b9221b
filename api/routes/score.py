"""/score and /trace: the shape of the first engine's API, for whoever speaks it.

Its fields keep their names; beside them stand where on which page a quote is, and whether each quote lies
inside the spans that retrieval returned.
"""

from typing import Annotated

from fastapi import APIRouter, Query

from api import company_cards, first_shape, schemas
from api.deps import House, Reader, TheHouse
from esg import passages
from esg.domain import LONGEST_COMPANY, Hit, Scorecard

router = APIRouter(tags=["first shape"])

PASSAGES = 10

CompanyName = Annotated[
    str, Query(min_length=1, max_length=LONGEST_COMPANY, description="Its name or its slug.")
]


@router.post("/score", response_model=schemas.FirstScore)
def score(caller: Reader, asked: schemas.FirstScoreRequest, house: TheHouse) -> schemas.FirstScore:
    """A company's levels by theme with their quotes, and the passages of its reports nearest to the query.

    Nothing is scored here: send the report to `POST /v1/documents` first.
    """
    found = company_cards.find(house, asked.company, asked.year)
    card = found.parsed(house)
    hits = _passages(house, card, asked.query)
    return first_shape.scored(found.company, found.year, card=card, hits=hits)


@router.get("/trace", response_model=schemas.FirstTrace)
def trace(
    caller: Reader, house: TheHouse, company: CompanyName, year: schemas.AnyYear = None
) -> schemas.FirstTrace:
    """Every quote that a company's levels and figures stand on, down to page, place and hash."""
    found = company_cards.find(house, company, year)
    return first_shape.traced(found.company, found.year, card=found.parsed(house))


def _passages(house: House, card: Scorecard, query: str) -> list[Hit]:
    documents = [document.id for document in card.documents or (card.document,)]
    return passages.find(query, house.resources, documents=documents, k=PASSAGES)
