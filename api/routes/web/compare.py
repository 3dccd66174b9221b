"""/compare: companies side by side, by theme and by figure."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from api import company_cards
from api.comparing import compare
from api.deps import Reader, TheHouse
from api.pages import page
from api.problems import Problem

router = APIRouter()

MOST = 12  # columns that can still be read
Chosen = Annotated[list[str], Query(alias="company", max_length=MOST)]


@router.get("/compare", response_class=HTMLResponse)
def read(caller: Reader, house: TheHouse, chosen: Chosen = []) -> HTMLResponse:  # noqa: B006 (FastAPI copies it)
    """The newest year of each chosen company; those without a scorecard are named."""
    cards, missing = [], []
    for slug in dict.fromkeys(chosen):
        try:
            found = company_cards.find(house, slug, None)
            cards.append((found.company, found.parsed(house)))
        except Problem:
            missing.append(slug)
    return page(
        "compare.html.j2",
        here="/compare",
        companies=house.state.companies(),
        chosen=chosen,
        missing=missing,
        table=compare(cards),
    )
