"""(document, page, quote) → PNG: drawn once, by whatever way it is asked for."""

from api.deps import House
from api.problems import Problem
from esg.domain import Evidence


def quoted_on(house: House, document_id: str, number: int, evidence_id: str) -> Evidence:
    """A quote that stands on this page of a document; raises a Problem where it stands elsewhere."""
    quoted = house.shelf.evidence(document_id, evidence_id)
    if quoted.page != number:
        detail = f"Evidence {quoted.id} stands on page {quoted.page}."
        raise Problem(404, detail, code="other_page")
    return quoted


def drawn(house: House, document_id: str, number: int, quoted: Evidence | None, *, is_crop: bool) -> bytes:
    """The page as PNG with the quote highlighted; with `is_crop` only the part around it."""
    house.state.document(document_id)  # raises NotFound: what was drawn before is not for everyone
    known = house.images.get(document_id, number, quoted, is_crop=is_crop)
    if known is not None:
        return known
    shown = house.shelf.page(document_id, number)
    return house.images.draw(house.shelf.original(document_id), shown, quoted, is_crop=is_crop)
