"""A long list in pieces, the newest first: each piece goes on behind a row, so new rows shift nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa


class Place(NamedTuple):
    """A row of a list."""

    at: datetime
    id: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to, where it is: `since` and `until` are moments of creation, inclusive."""

    state: str | None = None
    company: str | None = None  # slug or name
    year: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    after: Place | None = None  # the last row of the piece before
    is_over: bool = False  # in whatever way


ALL = Wanted()


def newest_first(
    query: sa.Select[Any], rows: sa.FromClause, wanted: Wanted, limit: int | None
) -> sa.Select[Any]:
    """Order a query by creation, within the moments and behind the row that are wanted."""
    at, name = rows.c.created_at, rows.c.id
    if wanted.since is not None:
        query = query.where(at >= wanted.since)
    if wanted.until is not None:
        query = query.where(at <= wanted.until)
    if wanted.after is not None:
        place = wanted.after
        query = query.where(sa.or_(at < place.at, sa.and_(at == place.at, name > place.id)))
    return query.order_by(at.desc(), name).limit(limit)
