"""Job → server-sent events: its state whenever that changes, until it is over.

An event is a whole snapshot, so a listener that comes back has missed nothing that matters: it gets the
present state, unless its `Last-Event-ID` says that it knows it. One poller looks up the jobs of all listeners
of this process at once; an event is written once, however many get it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from hashlib import sha256

from starlette.concurrency import run_in_threadpool

from api import schemas
from esg.errors import Transient
from esg.resources import Resources
from esg.state import Job

POLL_SECONDS = 0.5
HEARTBEAT_SECONDS = 15.0  # proxies cut a silent connection
RETRY_MILLISECONDS = 2000

logger = logging.getLogger("esg.api")


@dataclass(slots=True)
class _Look:
    """The latest look at a job, as an event, and whoever waits for the next."""

    job: Job
    listeners: int = 0
    is_gone: bool = False  # forgotten by the retention
    id: str = field(init=False)
    event: str = field(init=False)
    changed: asyncio.Event = field(init=False)

    def __post_init__(self) -> None:
        self._write()

    @property
    def is_over(self) -> bool:
        return self.is_gone or self.job.is_over

    def take(self, job: Job | None) -> None:
        """Let the listeners know, if the job says something else now; None is a job that is no more."""
        if job is not None and _said(job) == _said(self.job):
            return
        self.is_gone, self.job = job is None, job or self.job
        waiting = self.changed
        self._write()
        waiting.set()

    def _write(self) -> None:
        self.id = id_of(self.job)
        self.event, self.changed = _named(self.job, self.id), asyncio.Event()


class Progress:
    """All listeners of one API process."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources
        self._looks: dict[str, _Look] = {}
        self._poller: asyncio.Task[None] | None = None

    async def events(self, job: Job, *, last_id: str = "") -> AsyncIterator[str]:
        """Yield events from `job` on until it is over; comments keep the connection open in between."""
        look = self._join(job)
        try:
            yield f"retry: {RETRY_MILLISECONDS}\n\n"
            while True:
                changed, is_over = look.changed, look.is_over
                if look.id != last_id:
                    last_id = look.id
                    yield look.event
                if is_over:
                    return
                try:
                    await asyncio.wait_for(changed.wait(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    yield ": still here\n\n"
        finally:
            look.listeners -= 1
            if look.listeners == 0:
                self._looks.pop(job.id, None)

    def _join(self, job: Job) -> _Look:
        look = self._looks.setdefault(job.id, _Look(job))
        look.listeners += 1
        if self._poller is None or self._poller.done():
            self._poller = asyncio.create_task(self._poll())
        return look

    async def _poll(self) -> None:
        """Look until nobody listens."""
        while self._looks:
            await asyncio.sleep(POLL_SECONDS)
            looks = {name: look for name, look in self._looks.items() if not look.is_over}
            try:
                jobs = await run_in_threadpool(self._resources.state.find_jobs, list(looks))
            except Transient as error:
                logger.warning("progress is told later: %s", error)
                continue
            found = {job.id: job for job in jobs}
            for name, look in looks.items():
                look.take(found.get(name))


def event(job: Job) -> str:
    """Write one event; `end` is the last of a job."""
    return _named(job, id_of(job))


def _named(job: Job, event_id: str) -> str:
    name = "end" if job.is_over else "progress"
    return f"event: {name}\nid: {event_id}\ndata: {schemas.Job.of(job).model_dump_json()}\n\n"


def id_of(job: Job) -> str:
    """Name a snapshot by what it says."""
    said = schemas.Job.of(_said(job)).model_dump_json()
    return sha256(said.encode()).hexdigest()[:16]


def _said(job: Job) -> Job:
    """A snapshot without the guess how long it will take."""
    return replace(job, eta_seconds=None)
