"""What a route asks for: the open parts of this process, and checked pieces of the request."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Cookie, Depends, Path, Query, Request

from api.history import Histories
from api.metrics import Metrics
from api.page_images import PageImages
from api.progress import Progress
from api.publisher import Publisher
from api.shelf import Shelf
from api.traces import Trace
from esg.resources import Resources
from esg.settings import Settings
from esg.state import State


@dataclass(frozen=True)
class House:
    """The open parts of one API process."""

    settings: Settings
    resources: Resources
    metrics: Metrics
    publisher: Publisher
    images: PageImages
    shelf: Shelf
    progress: Progress
    histories: Histories

    @property
    def state(self) -> State:
        return self.resources.state


def _house(request: Request) -> House:
    house: House = request.app.state.house
    return house


def _trace(request: Request) -> Trace:
    trace: Trace = request.state.trace
    return trace


TheHouse = Annotated[House, Depends(_house)]
TheTrace = Annotated[Trace, Depends(_trace)]
DocumentId = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="SHA-256 of the file.")]
JobId = Annotated[str, Path(pattern="^[0-9A-Za-z-]{1,64}$")]
EvidenceId = Annotated[str | None, Query(pattern="^[0-9a-f]{16}$", description="Highlight this quote.")]
PageNumber = Annotated[int, Path(ge=1, le=100_000, description="Position in the file, from 1.")]
Author = Annotated[str, Cookie(alias="esg_author")]  # as a browser kept it: reviewing.author_of reads it
