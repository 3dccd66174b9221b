"""/v1/companies: whose reports were read."""

from fastapi import APIRouter

from api import schemas
from api.deps import TheHouse

router = APIRouter(prefix="/v1/companies", tags=["companies"])


@router.get("", response_model=schemas.Companies)
def listed(house: TheHouse) -> schemas.Companies:
    """Every company that has a report, by its slug."""
    companies = [schemas.CompanyRecord.model_validate(c) for c in house.state.companies()]
    return schemas.Companies(companies=companies)
