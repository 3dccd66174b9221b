"""What a route asks for: the open parts of this process, and checked pieces of the request."""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Cookie, Depends, Path, Query, Request

from api.caller import Caller, caller_of, demand, demand_operator
from api.drawing_slots import DrawingSlots
from api.history import Histories
from api.metrics import Metrics
from api.page_images import PageImages
from api.progress import Progress
from api.publisher import Publisher
from api.shelf import Shelf
from api.traces import Trace
from esg.resources import Resources
from esg.settings import Settings
from esg.state import KeyScope, State


@dataclass(frozen=True)
class House:
    """The open parts of one API process, and what of them a caller sees: `state` and `shelf` are its own.

    `resources` knows no caller: its store and lake are asked for documents that `state` has shown.
    """

    settings: Settings
    resources: Resources
    metrics: Metrics
    publisher: Publisher
    images: PageImages
    drawing: DrawingSlots
    progress: Progress
    shelf: Shelf
    histories: Histories
    tenant: str | None = None

    @property
    def state(self) -> State:
        return self.shelf.state

    def seen_by(self, tenant: str | None) -> "House":
        return replace(self, shelf=self.shelf.seen_by(tenant), tenant=tenant)


async def _house(request: Request) -> House:
    house: House = request.app.state.house
    return house


async def _house_of_caller(request: Request) -> House:
    return (await _house(request)).seen_by(caller_of(request).tenant)


async def _trace(request: Request) -> Trace:
    trace: Trace = request.state.trace
    return trace


async def _reader(request: Request) -> Caller:
    return demand(caller_of(request), KeyScope.READ)


async def _submitter(request: Request) -> Caller:
    return demand(caller_of(request), KeyScope.SUBMIT)


async def _admin(request: Request) -> Caller:
    return demand(caller_of(request), KeyScope.ADMIN)


async def _operator(request: Request) -> Caller:
    return demand_operator(caller_of(request))


Reader = Annotated[Caller, Depends(_reader)]  # every route takes one of these four, or is open (api/gate.py)
Submitter = Annotated[Caller, Depends(_submitter)]
Admin = Annotated[Caller, Depends(_admin)]
Operator = Annotated[Caller, Depends(_operator)]
TheHouse = Annotated[House, Depends(_house_of_caller)]
OpenHouse = Annotated[House, Depends(_house)]  # for what tells nothing of a tenant
TheTrace = Annotated[Trace, Depends(_trace)]
DocumentId = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="SHA-256 of the file.")]
JobId = Annotated[str, Path(pattern="^[0-9A-Za-z-]{1,64}$")]
EvidenceId = Annotated[str | None, Query(pattern="^[0-9a-f]{16}$", description="Highlight this quote.")]
PageNumber = Annotated[int, Path(ge=1, le=100_000, description="Position in the file, from 1.")]
Author = Annotated[str, Cookie(alias="esg_author")]  # as a browser kept it: reviewing.author_of reads it
