"""Many uploads at once, many listeners to each → which jobs and which events were lost on the way."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx

from esg.client.events import Event, parse

Ids = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Crowd:
    """What came of it. An event is lost when a listener did not hear it and another of that job did."""

    jobs: tuple[str, ...]
    refused: int  # uploads that were not accepted
    heard: Mapping[str, tuple[tuple[Event, ...], ...]]  # job → what each of its listeners heard

    @property
    def unfinished(self) -> int:
        """Listeners whose stream did not end with the job's end."""
        return sum(not events or events[-1].name != "end" for of in self.heard.values() for events in of)

    @property
    def lost_events(self) -> int:
        return sum(_lost([_ids(events) for events in of]) for of in self.heard.values())

    @property
    def states(self) -> dict[str, int]:
        """How many jobs ended in each state, as their listeners heard it."""
        ends = [of[0][-1].job["state"] for of in self.heard.values() if of and of[0]]
        return {state: ends.count(state) for state in sorted(set(ends))}


async def crowd(
    client: httpx.AsyncClient,
    files: Sequence[tuple[str, bytes]],
    *,
    listeners: int,
    then: Callable[[], object] = lambda: None,
) -> Crowd:
    """Upload all files at once, then listen to their jobs, `listeners` in all, until each has ended.

    `then` is called in a thread when everyone listens.
    """
    answers = await asyncio.gather(*(client.post("/v1/documents", files={"file": file}) for file in files))
    jobs = tuple(answer.json()["job_id"] for answer in answers if answer.status_code == 202)
    turns = [jobs[number % len(jobs)] for number in range(listeners)] if jobs else []
    open_ones = asyncio.Semaphore(0)
    listening = [asyncio.create_task(_listen(client, job, open_ones)) for job in turns]
    for _ in turns:
        await open_ones.acquire()
    await asyncio.to_thread(then)
    told = await asyncio.gather(*listening)
    heard = {
        job: tuple(events for name, events in zip(turns, told, strict=True) if name == job) for job in jobs
    }
    return Crowd(jobs, len(files) - len(jobs), heard)


async def _listen(client: httpx.AsyncClient, job: str, is_open: asyncio.Semaphore) -> tuple[Event, ...]:
    async with AsyncExitStack() as stack:
        try:
            answer = await stack.enter_async_context(client.stream("GET", f"/v1/jobs/{job}/events"))
            answer.raise_for_status()
        finally:  # who cannot listen is not waited for
            is_open.release()
        return tuple(parse([line async for line in answer.aiter_lines()]))


def _ids(events: Sequence[Event]) -> Ids:
    return tuple(event.id for event in events)


def _lost(heard: Sequence[Ids]) -> int:
    """Count what is missing of the longest story that anyone heard, from where each listener came in."""
    story = max(heard, key=len, default=())
    return sum(event not in ids for ids in heard for event in story[_start(ids, story) :])


def _start(ids: Ids, story: Ids) -> int:
    return story.index(ids[0]) if ids and ids[0] in story else 0
