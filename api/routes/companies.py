"""/v1/companies: whose reports were read, and what all documents of a year say together."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api import schemas
from api.cards import Format, answer
from api.company import card_json, find
from api.deps import TheHouse
from esg.domain import YEARS

router = APIRouter(prefix="/v1/companies", tags=["companies"])

Slug = Annotated[str, Path(pattern="^[^/]{1,200}$", description="As in /v1/companies.")]
Year = Annotated[int | None, Query(ge=YEARS[0], le=YEARS[1], description="The newest where none is given.")]


@router.get("", response_model=schemas.Companies)
def listed(house: TheHouse) -> schemas.Companies:
    """Every company that has a report, by its slug."""
    companies = [schemas.CompanyRecord.model_validate(c) for c in house.state.companies()]
    return schemas.Companies(companies=companies)


@router.get("/{slug}", response_model=schemas.CompanyDocuments)
def read(slug: Slug, house: TheHouse) -> schemas.CompanyDocuments:
    """A company with its documents; those of one year are judged together."""
    company = find(house, slug)
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
    request: Request, slug: Slug, house: TheHouse, year: Year = None, kind: Format = "json"
) -> Response:
    """A company's year over all its documents; of a year with one document, that document's scorecard."""
    company = find(house, slug)
    wanted = year if year is not None else max(company.years, default=None)
    data = card_json(house, company, wanted)
    return answer(request, house, data, kind=kind, name=f"{company.slug}-{wanted}")
