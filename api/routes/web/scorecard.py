"""/documents/ID: the scorecard of a document as a page."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api import card_pages
from api.deps import Author, DocumentId, Reader, TheHouse

router = APIRouter()


@router.get("/documents/{document_id}", response_class=HTMLResponse)
def document(caller: Reader, document_id: DocumentId, house: TheHouse, author: Author = "") -> HTMLResponse:
    """Grade, themes, figures, frameworks; every quote one click away."""
    return card_pages.of_document(house, document_id, author)
