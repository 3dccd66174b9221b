"""/v1/companies: whose reports were read, and what all documents of a year say together."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api import company_cards, cursors, schemas
from api.cards import Format, answer
from api.cursors import MOST, CompanyName, Cursor, Limit, Since
from api.deps import Reader, TheHouse
from esg import newest
from esg.domain import YEARS
from esg.lake.questions import ask, plain, questions
from esg.state import Wanted

router = APIRouter(prefix="/v1/companies", tags=["companies"])

Slug = Annotated[str, Path(pattern="^[^/]{1,200}$", description="As in /v1/companies.")]
Year = Annotated[int | None, Query(ge=YEARS[0], le=YEARS[1], description="The newest where none is given.")]


@router.get("", response_model=schemas.Companies)
def listed(
    request: Request,
    caller: Reader,
    house: TheHouse,
    limit: Limit = MOST,
    cursor: Cursor = None,
    company: CompanyName = None,
    year: schemas.AnyYear = None,
    since: Since = None,
) -> schemas.Companies:
    """Every company that has a report (of the year, come since), by its slug."""
    (after,) = cursors.read(cursor, (str,)) if cursor else ("",)
    wanted = Wanted(company=company, year=year, since=cursors.moment(since))
    rows = [c for c in house.state.companies(wanted) if c.slug > after]
    shown, further = cursors.piece(request, rows, limit, lambda company: (company.slug,))
    companies = [schemas.CompanyRecord.model_validate(c) for c in shown]
    return schemas.Companies(companies=companies, next=further)


@router.get("/{slug}", response_model=schemas.CompanyDocuments)
def read(caller: Reader, slug: Slug, house: TheHouse) -> schemas.CompanyDocuments:
    """A company with its documents; those of one year are judged together."""
    company = company_cards.find_company(house, slug)
    documents = [schemas.Document.of(record) for record in house.state.documents(company.slug)]
    return schemas.CompanyDocuments(
        slug=company.slug,
        name=company.name,
        years=list(company.years),
        documents=documents,
        links=schemas.company_links(company),
    )


@router.get("/{slug}/scorecard", responses=schemas.CARD_RESPONSES, response_class=Response)
def scorecard(
    request: Request, caller: Reader, slug: Slug, house: TheHouse, year: Year = None, kind: Format = "json"
) -> Response:
    """A company's year over all its documents; of a year with one document, that document's scorecard."""
    found = company_cards.find(house, slug, year)
    return answer(request, house, found.data, kind=kind, name=f"{found.company.slug}-{found.year}")


@router.get("/{slug}/history", response_model=schemas.History)
def history(caller: Reader, slug: Slug, house: TheHouse) -> schemas.History:
    """A company's levels by year, and what its next report told otherwise, with both quotes."""
    company = company_cards.find_company(house, slug)
    tables, named = newest.tables(house.resources, company.slug, state=house.state), questions()
    levels, changes = (plain(ask(named[name].sql, tables)) for name in ("history", "changes"))
    return schemas.History(slug=company.slug, name=company.name, levels=levels, changes=changes)
