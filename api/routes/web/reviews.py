"""/reviews: what analysts say of levels, quotes and figures."""

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from api import reviewing
from api.deps import DocumentId, Reader, Submitter, TheHouse
from api.pages import page

router = APIRouter()

SHOWN = 200
YEAR_SECONDS = 365 * 24 * 3600


@router.get("/reviews", response_class=HTMLResponse)
def listed(caller: Reader, house: TheHouse) -> HTMLResponse:
    """The newest reviews first, each with what it is about."""
    records = house.state.reviews(limit=SHOWN)
    return page("reviews.html.j2", here="/reviews", records=records, place_of=reviewing.place_of)


@router.post("/documents/{document_id}/reviews")
async def write(document_id: DocumentId, request: Request, caller: Submitter, house: TheHouse) -> Response:
    """Keep a review, and lead back to what it is about."""
    async with request.form(max_files=0, max_fields=16, max_part_size=reviewing.LONGEST_NOTE * 4) as form:
        asked = reviewing.checked(form)
    review = await run_in_threadpool(reviewing.review, house, document_id, asked)
    await run_in_threadpool(house.state.review, review)
    answer = RedirectResponse(reviewing.place_of(review), status_code=303)
    answer.set_cookie(
        "esg_author",
        asked.author_cookie,
        max_age=YEAR_SECONDS,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return answer
