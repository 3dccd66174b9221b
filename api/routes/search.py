"""/v1/search: passages near a question, in all reports."""

from typing import Annotated

from fastapi import APIRouter, Query

from api import schemas
from api.deps import House, Reader, TheHouse
from api.passages import find
from api.problems import Problem
from esg.domain import LONGEST_MEANING, LONGEST_QUESTION, MOST_PASSAGES
from esg.state import DocumentRecord

router = APIRouter(prefix="/v1/search", tags=["search"])


@router.get("", response_model=schemas.SearchResults)
def search(
    caller: Reader,
    house: TheHouse,
    q: Annotated[str, Query(min_length=1, max_length=LONGEST_QUESTION, description="What to look for.")],
    k: Annotated[int, Query(ge=1, le=MOST_PASSAGES, description="How many passages.")] = 10,
    company: Annotated[str | None, Query(max_length=200, description="Name or slug.")] = None,
    document: Annotated[str | None, Query(pattern="^[0-9a-f]{64}$")] = None,
    careful: Annotated[
        bool, Query(description="Look at single sentences, too: finds more, takes seconds.")
    ] = False,
    meaning: Annotated[
        str,
        Query(
            max_length=LONGEST_MEANING,
            description="What is meant by it, with examples of answers; implies `careful`.",
        ),
    ] = "",
) -> schemas.SearchResults:
    """Passages found by words and by meaning, best first, each with its place.

    With `careful` a question is answered by sentences, as `esg search --careful` does; `meaning` says what is
    meant by it, as a definition with examples of answers.
    """
    if not q.strip():
        raise Problem(422, "The question is blank.", code="validation")
    records = _records(house, company, document)
    is_everything = house.tenant is None and company is None and document is None
    documents = None if is_everything else list(records)
    hits = find(house, q, documents=documents, k=k, careful=careful, meaning=meaning.strip())
    return schemas.SearchResults(
        query=q, results=[schemas.Found.of(hit, records.get(hit.chunk.document_id)) for hit in hits]
    )


def _records(house: House, company: str | None, document: str | None) -> dict[str, DocumentRecord]:
    """The documents to search in, by id; raises NotFound for a document that is not there."""
    found = house.state.documents(company) if document is None else [house.state.document(document)]
    return {record.document.id: record for record in found}
