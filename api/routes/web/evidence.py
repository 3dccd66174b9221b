"""/documents/ID/evidence/ID: a quote beside its page, at an address that stays."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import HTMLResponse

from api import ordering
from api.deps import Author, DocumentId, Reader, TheHouse
from api.page_images import PAGE_SCALE
from api.pages import page
from api.reviewing import author_of, counting_of
from esg.kpi import figure_key
from esg.report.view import view
from esg.state import Kind

router = APIRouter()

Quote = Annotated[str, Path(pattern="^[0-9a-f]{16}$")]
Walked = Annotated[str, Query(alias="for", max_length=64, description="What the quotes speak for.")]


@router.get("/documents/{document_id}/evidence/{evidence_id}", response_class=HTMLResponse)
def read(
    caller: Reader,
    document_id: DocumentId,
    evidence_id: Quote,
    house: TheHouse,
    of: Walked = "",
    author: Author = "",
) -> HTMLResponse:
    """The quote, what it speaks for, the one before and the next; the page image, the words highlighted."""
    card, quote = house.shelf.quoted(document_id, evidence_id)
    reviews = counting_of(house, document_id)
    shown = view(card, house.shelf.rubric(card))
    return page(
        "evidence.html.j2",
        v=shown,
        e=quote,
        item=next(item for item in shown.evidence if item.evidence is quote),
        kpis=[row for row in shown.kpis if row.kpi.evidence == quote.id],
        walk=ordering.walk(card, of, quote.id),
        documents={e.id: e.document_id for e in card.evidence},
        scale=PAGE_SCALE,
        reviews=reviews,
        review=reviews.get((Kind.QUOTE, quote.id)),
        figure_key=figure_key,
        author=author_of(author),
        can_review=not card.documents,
    )
