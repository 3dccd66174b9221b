"""Long lists over HTTP: at most `limit` rows, and a link to those that follow.

A cursor is opaque to its holder. It names the last row that was seen, so what comes meanwhile shifts nothing.
"""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query, Request
from pydantic import BeforeValidator

from api.problems import Problem
from api.schemas import AnyYear
from esg.domain import LONGEST_COMPANY
from esg.state import Place, Wanted

MOST = 200
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most.")]
Cursor = Annotated[
    str | None,
    Query(max_length=400, description="Where to go on: as in the `next` of the answer before, not made up."),
]
CompanyName = Annotated[
    str | None, Query(max_length=LONGEST_COMPANY, description="Of this company: its name or its slug.")
]


def _no_number(given: object) -> object:
    """Refuse a timestamp: pydantic would take any number for one."""
    if isinstance(given, str) and not given[:5].endswith("-"):
        raise ValueError("it must be written as in RFC 3339")
    return given


Since = Annotated[
    datetime | None,
    BeforeValidator(_no_number),
    Query(description="Only what came at this moment or later (RFC 3339; UTC where it says no offset)."),
]

Row = TypeVar("Row")


def _narrowed(
    cursor: Cursor = None, company: CompanyName = None, year: AnyYear = None, since: Since = None
) -> Wanted:
    return Wanted(company=company, year=year, since=moment(since), after=place(cursor))


Narrowed = Annotated[Wanted, Depends(_narrowed)]  # what every list of what was created can be asked for


def moment(given: datetime | None) -> datetime | None:
    """A moment in UTC, also one without an offset, or so early or late that UTC cannot say it."""
    if given is None or given.tzinfo is None:
        return given and given.replace(tzinfo=UTC)
    try:
        return given.astimezone(UTC)
    except OverflowError:
        return given.replace(tzinfo=UTC)


def place(cursor: str | None) -> Place | None:
    """Read a cursor into a list of what was created; raises a Problem for one that is not ours."""
    if cursor is None:
        return None
    at, name = read(cursor, (str, str))
    return Place(moment_of(at), name)


def moment_of(part: str) -> datetime:
    """Read a moment out of a cursor."""
    try:
        return datetime.fromisoformat(part).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise bad() from error


def piece(
    request: Request, rows: Sequence[Row], limit: int, place_of: Callable[[Row], tuple[Any, ...]]
) -> tuple[Sequence[Row], str | None]:
    """Cut rows, of which one more than `limit` was read where there are more; give the link to the next."""
    shown = rows[:limit]
    return shown, next_link(request, *place_of(shown[-1])) if len(rows) > limit else None


def next_link(request: Request, *parts: str | int) -> str:
    """The same question from a place on."""
    asked = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return f"{request.url.path}?{urlencode([*asked, ('cursor', write(*parts))])}"


def write(*parts: str | int) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def read(cursor: str, kinds: tuple[type, ...]) -> list[Any]:
    """Read what `write` wrote; raises a Problem for anything else."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        parts = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise bad() from error
    if not isinstance(parts, list) or [type(part) for part in parts] != list(kinds):
        raise bad()
    return parts


def bad() -> Problem:
    return Problem(
        404,
        "There is nothing at this cursor: it does not come from here.",
        code="bad_cursor",
        next_step="Begin without one, then follow `next`.",
    )
