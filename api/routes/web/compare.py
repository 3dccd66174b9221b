"""/compare: companies side by side, by theme and by figure."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from api import company
from api.comparing import compare
from api.deps import TheHouse
from api.pages import page
from api.problems import Problem

router = APIRouter()

MOST = 12  # columns that can still be read
Chosen = Annotated[list[str], Query(alias="company", max_length=MOST)]


@router.get("/compare", response_class=HTMLResponse)
def read(house: TheHouse, chosen: Chosen = []) -> HTMLResponse:  # noqa: B006 (FastAPI copies it)
    """The newest year of each chosen company; those without a scorecard are named."""
    companies = house.state.companies()
    by_slug = {one.slug: one for one in companies}
    cards, missing = [], []
    for slug in dict.fromkeys(chosen):
        try:
            cards.append((by_slug[slug], company.card(house, by_slug[slug])))
        except (KeyError, Problem):
            missing.append(slug)
    return page(
        "compare.html.j2",
        here="/compare",
        companies=companies,
        chosen=chosen,
        missing=missing,
        table=compare(cards),
    )
