"""scorecard → its page, of a document or of a company's year over several."""

from collections.abc import Mapping
from types import MappingProxyType

from fastapi.responses import HTMLResponse

from api.deps import House
from api.pages import page
from api.reviewing import author_of, counting_of
from esg.domain import Scorecard
from esg.kpi import figure_key
from esg.report.radar import radar
from esg.report.view import view
from esg.state import Kind, ReviewRecord, slug

DOWNLOADS = (
    ("PDF", "pdf"),
    ("CSV", "csv"),
    ("Parquet", "parquet"),
    ("JSON", "json"),
    ("One HTML file", "html"),
)


def of_document(house: House, document_id: str, author: str) -> HTMLResponse:
    """A document's page, with the reviews of it and the forms to write one."""
    reviews = counting_of(house, document_id)
    card = house.shelf.card(document_id)
    record = house.state.document(document_id)
    company = record.registered or slug(record.document.identity.company)
    return _page(house, card, f"/v1/documents/{document_id}/scorecard", company, reviews, author)


def of_company_year(house: House, card: Scorecard, company_slug: str, year: int) -> HTMLResponse:
    """A company-year's page; its documents are reviewed one by one, on their own pages."""
    return _page(house, card, f"/v1/companies/{company_slug}/scorecard?year={year}", company_slug)


def _page(
    house: House,
    card: Scorecard,
    address: str,
    company: str,
    reviews: Mapping[tuple[Kind, str], ReviewRecord] = MappingProxyType({}),
    author: str = "",
) -> HTMLResponse:
    join = "&" if "?" in address else "?"
    downloads = [(words, f"{address}{join}format={kind}") for words, kind in DOWNLOADS]
    return page(
        "scorecard.html.j2",
        v=view(card, house.shelf.rubric(card)),
        radar=radar(card.themes),
        downloads=downloads,
        company=company,
        reviews=reviews,
        figure_key=figure_key,
        author=author_of(author),
        can_review=not card.documents,
    )
