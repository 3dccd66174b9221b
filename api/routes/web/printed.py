"""/documents/ID/pages/N: a page as it is printed, with the quotes that stand on it."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.deps import DocumentId, PageNumber, Reader, TheHouse
from api.pages import page
from api.shelf import no_page

router = APIRouter()


@router.get("/documents/{document_id}/pages/{number}", response_class=HTMLResponse)
def read(caller: Reader, document_id: DocumentId, number: PageNumber, house: TheHouse) -> HTMLResponse:
    """The page and its neighbours; what was read but not scored has pages, too."""
    document = house.state.document(document_id).document
    if number > document.pages:
        raise no_page(number, document.pages)
    is_scored = house.state.scorecard_key(document_id) is not None
    quotes = house.shelf.card(document_id).evidence if is_scored else ()
    here = [e for e in quotes if e.place == (document_id, number)]
    return page("printed.html.j2", document=document, number=number, quotes=here)
