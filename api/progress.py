"""Job → server-sent events: its state whenever that changes, until it is over.

An event is a whole snapshot, so a listener that comes back has missed nothing that matters: it gets the
present state, unless its `Last-Event-ID` says that it knows it. Listeners of one job share its look-ups.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from hashlib import sha256

from starlette.concurrency import run_in_threadpool

from api import schemas
from esg.resources import Resources
from esg.state import Job

POLL_SECONDS = 0.5
HEARTBEAT_SECONDS = 15.0  # proxies cut a silent connection
RETRY_MILLISECONDS = 2000


@dataclass(slots=True)
class _Look:
    """The latest look at a job, and how many listen to it."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    job: Job | None = None
    at: float = float("-inf")
    listeners: int = 0


class Progress:
    """All listeners of one API process."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._looks: dict[str, _Look] = {}

    async def events(self, job: Job, *, last_id: str = "") -> AsyncIterator[str]:
        """Yield events from `job` on until it is over; comments keep the connection open in between."""
        look = self._looks.setdefault(job.id, _Look())
        look.listeners += 1
        try:
            yield f"retry: {RETRY_MILLISECONDS}\n\n"
            told = time.monotonic()
            while True:
                if (event_id := id_of(job)) != last_id:
                    last_id, told = event_id, time.monotonic()
                    yield event(job)
                elif time.monotonic() - told > HEARTBEAT_SECONDS:
                    told = time.monotonic()
                    yield ": still here\n\n"
                if job.is_over:
                    return
                await asyncio.sleep(POLL_SECONDS)
                job = await self._see(job.id, look)
        finally:
            look.listeners -= 1
            if look.listeners == 0:
                self._looks.pop(job.id, None)

    async def _see(self, job_id: str, look: _Look) -> Job:
        async with look.lock:
            if look.job is None or time.monotonic() - look.at > POLL_SECONDS / 2:
                look.job = await run_in_threadpool(self._resources.state.job, job_id)
                look.at = time.monotonic()
            return look.job


def event(job: Job) -> str:
    """Write one event; `end` is the last of a job."""
    name = "end" if job.is_over else "progress"
    return f"event: {name}\nid: {id_of(job)}\ndata: {schemas.Job.of(job).model_dump_json()}\n\n"


def id_of(job: Job) -> str:
    """Name a snapshot by what it says, but for the guess how long it will take."""
    said = schemas.Job.of(job).model_dump_json(exclude={"eta_seconds"})
    return sha256(said.encode()).hexdigest()[:16]
