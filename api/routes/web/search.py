"""/search: passages of all reports near a question, the words that were found marked."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from pydantic import BeforeValidator

from api import passages, schemas
from api.deps import Reader, TheHouse
from api.highlight import pieces
from api.pages import page
from esg.domain import LONGEST_COMPANY, LONGEST_QUESTION, MOST_PASSAGES
from esg.state import Wanted

router = APIRouter()

FEW = 10

Question = Annotated[str, Query(max_length=LONGEST_QUESTION)]
Company = Annotated[str, Query(max_length=LONGEST_COMPANY)]
Year = Annotated[  # a form sends an empty field where none is chosen
    schemas.Year | None, BeforeValidator(lambda year: year or None), Query()
]
Count = Annotated[int, Query(ge=1, le=MOST_PASSAGES)]


@router.get("/search", response_class=HTMLResponse)
def search(
    caller: Reader,
    house: TheHouse,
    q: Question = "",
    company: Company = "",
    year: Year = None,
    k: Count = FEW,
    careful: bool = False,
) -> HTMLResponse:
    """Ask all reports, or those of a company or a year."""
    searched = passages.within(house, Wanted(company=company or None, year=year))
    hits = passages.find(house, q, searched, k=k, careful=careful) if q.strip() else []
    every = house.state.companies()
    return page(
        "search.html.j2",
        here="/search",
        q=q,
        asked={"company": company, "year": year, "careful": careful},
        companies=every,
        years=sorted({year for one in every for year in one.years}, reverse=True),
        found=[(hit, searched.records.get(hit.chunk.document_id), pieces(hit.chunk.text, q)) for hit in hits],
    )
