"""(document, page, quote) → PNG: drawn once, by whatever way it is asked for."""

from starlette.concurrency import run_in_threadpool

from api.deps import House
from api.problems import Problem
from esg.domain import Evidence


def quoted_on(house: House, document_id: str, number: int, evidence_id: str | None) -> Evidence | None:
    """The quote to highlight on a page of a document, if one is asked for.

    Raises NotFound without the document, and a Problem where the quote stands elsewhere.
    """
    house.state.document(document_id)  # what was drawn before is not for everyone
    if not evidence_id:
        return None
    quoted = house.shelf.evidence(document_id, evidence_id)
    if quoted.page != number:
        detail = f"Evidence {quoted.id} stands on page {quoted.page}."
        raise Problem(404, detail, code="other_page")
    return quoted


async def drawn(
    house: House, document_id: str, number: int, quoted: Evidence | None, *, is_crop: bool
) -> bytes:
    """The page as PNG with the quote highlighted; with `is_crop` only the part around it.

    Whoever asks has looked the document up. Raises Transient where too many pages wait to be drawn.
    """
    known = await run_in_threadpool(house.images.get, document_id, number, quoted, is_crop=is_crop)
    if known is not None:
        return known
    shown = await run_in_threadpool(house.shelf.page, document_id, number)

    def draw() -> bytes:  # it reads the report itself: many may wait, and none of them holds its bytes
        return house.images.draw(house.shelf.original(document_id), shown, quoted, is_crop=is_crop)

    return await house.drawing.run(draw)
