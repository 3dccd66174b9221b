"""/v1/search: passages near a question, in all reports."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request

from api import cursors, passages, schemas
from api.cursors import CompanyName, Cursor, Since
from api.deps import Reader, TheHouse
from esg.domain import LONGEST_MEANING, LONGEST_QUESTION, MOST_PASSAGES
from esg.state import Wanted

router = APIRouter(prefix="/v1/search", tags=["search"])


@router.get("", response_model=schemas.SearchResults)
def search(
    request: Request,
    caller: Reader,
    house: TheHouse,
    q: Annotated[
        str,
        Query(pattern=schemas.SAYS_SOMETHING, max_length=LONGEST_QUESTION, description="What to look for."),
    ],
    k: Annotated[int, Query(ge=1, le=MOST_PASSAGES, description="How many passages.")] = 10,
    cursor: Cursor = None,
    company: CompanyName = None,
    year: schemas.AnyYear = None,
    since: Since = None,
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
    meant by it, as a definition with examples of answers. `next` goes on in the same ranking, over the
    documents that were there at first, down to the fiftieth passage.
    """
    begin, until = _begun(cursor)
    wanted = Wanted(company=company, year=year, since=cursors.moment(since), until=until)
    searched = passages.within(house, wanted, document)
    records, end = searched.records, min(begin + k, MOST_PASSAGES)
    hits = passages.find(house, q, searched, k=end, careful=careful, meaning=meaning.strip())
    newest = until or max((record.created_at for record in records.values()), default=None)
    has_more = len(hits) == end < MOST_PASSAGES and newest is not None
    return schemas.SearchResults(
        query=q,
        results=[schemas.Found.of(hit, records.get(hit.chunk.document_id)) for hit in hits[begin:]],
        next=cursors.next_link(request, end, str(newest)) if has_more else None,
    )


def _begun(cursor: str | None) -> tuple[int, datetime | None]:
    """How many passages were given before, and when the newest document came of those looked through."""
    if cursor is None:
        return 0, None
    begin, until = cursors.read(cursor, (int, str))
    return max(0, min(begin, MOST_PASSAGES)), cursors.moment_of(until)
