"""/companies: whose reports were read; a company's years side by side, and what changed between them."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api import card_pages, company_cards
from api.deps import Reader, TheHouse
from api.pages import page
from esg.domain import YEARS

router = APIRouter(prefix="/companies")

Slug = Annotated[str, Path(pattern="^[^/]{1,200}$")]
Year = Annotated[int, Path(ge=YEARS[0], le=YEARS[1])]


@router.get("", response_class=HTMLResponse)
def listed(caller: Reader, house: TheHouse) -> HTMLResponse:
    """Every company that has a report, to be opened or compared."""
    return page("companies.html.j2", here="/companies", companies=house.state.companies())


@router.get("/{slug}", response_class=HTMLResponse)
def read(caller: Reader, slug: Slug, house: TheHouse) -> HTMLResponse:
    """Levels and figures by year, and what the next report says otherwise, with both quotes."""
    found = company_cards.find_company(house, slug)
    return page(
        "company.html.j2",
        here="/companies",
        company=found,
        told=house.histories.of(found.slug, house.tenant),
        records=house.state.documents(found.slug),
    )


@router.get("/{slug}/{year}", response_class=HTMLResponse)
def year(caller: Reader, slug: Slug, year: Year, house: TheHouse) -> Response:
    """The scorecard of a year: over all its documents, or that of its only one."""
    found = company_cards.find(house, slug, year)
    card = found.parsed(house)
    if not card.documents:
        return RedirectResponse(f"/documents/{card.document.id}", status_code=303)
    return card_pages.of_company_year(house, card, found.company.slug, year)
