"""Many listeners, one poller: what each is told, and how little the database is asked."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from api import progress
from api.progress import Progress
from esg.resources import Resources, open_resources
from esg.settings import Settings
from esg.state import Job
from tests.fakes.little_fleet import Clock, LittleFleet

JOBS, LISTENERS = 20, 500


@pytest.fixture
def resources(tmp_path: Path) -> Iterator[Resources]:
    opened = open_resources(Settings(home=tmp_path))
    yield opened
    opened.state.close()


@pytest.fixture
def fleet(resources: Resources, monkeypatch: pytest.MonkeyPatch) -> LittleFleet:
    monkeypatch.setattr(progress, "POLL_SECONDS", 0.02)
    return LittleFleet(resources.state, Clock())


async def listen(events: AsyncIterator[str]) -> list[str]:
    return [text async for text in events if text.startswith("event: ")]


def ids(told: list[str]) -> list[str]:
    return re.findall(r"^id: (\w+)$", "\n".join(told), re.MULTILINE)


def test_every_listener_is_told_the_end_and_the_database_is_asked_for_all_at_once(
    resources: Resources, fleet: LittleFleet
) -> None:
    jobs = [fleet.submit(f"{number}.pdf") for number in range(JOBS)]
    asked: list[str] = []

    async def run() -> list[list[str]]:
        hub = Progress(resources)
        listening = [asyncio.create_task(listen(hub.events(jobs[n % JOBS]))) for n in range(LISTENERS)]
        await asyncio.sleep(0.2)
        sa.event.listen(resources.state.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
        await asyncio.sleep(0.5)
        quiet = [text for text in asked if text.startswith("SELECT")]
        polls = sum("FROM jobs" in text for text in quiet)
        assert 2 <= polls < 30
        assert len(quiet) <= 10 * (polls + 1)
        await asyncio.to_thread(fleet.run)
        return await asyncio.wait_for(asyncio.gather(*listening), 30)

    told = asyncio.run(run())

    assert len(told) == LISTENERS
    assert all(events[-1].startswith("event: end\n") for events in told)
    assert all('"state":"scored"' in events[-1] for events in told)
    assert all(len(ids(events)) == len(set(ids(events))) for events in told)


def test_a_listener_that_comes_back_hears_only_what_it_does_not_know(
    resources: Resources, fleet: LittleFleet
) -> None:
    job = fleet.submit("a.pdf")

    async def run(job: Job, last_id: str) -> list[str]:
        hub = Progress(resources)
        listening = asyncio.create_task(listen(hub.events(job, last_id=last_id)))
        await asyncio.sleep(0.1)
        await asyncio.to_thread(fleet.run)
        return await asyncio.wait_for(listening, 30)

    told = asyncio.run(run(job, progress.id_of(job)))
    ended = resources.state.job(job.id)

    assert progress.id_of(job) not in ids(told)
    assert told[-1].startswith("event: end\n")
    assert asyncio.run(run(ended, "other")) == [progress.event(ended)]
    assert asyncio.run(run(ended, progress.id_of(ended))) == []


def test_a_silent_stream_is_kept_open(
    resources: Resources, fleet: LittleFleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "HEARTBEAT_SECONDS", 0.05)
    job = fleet.submit("a.pdf")

    async def run() -> list[str]:
        events = Progress(resources).events(job, last_id=progress.id_of(job))
        told = [await anext(events) for _ in range(3)]
        await events.aclose()  # type: ignore[attr-defined]
        return told

    assert asyncio.run(run())[1:] == [": still here\n\n"] * 2


def test_the_stream_of_a_job_that_is_forgotten_ends(resources: Resources, fleet: LittleFleet) -> None:
    job = fleet.submit("a.pdf")

    async def run() -> list[str]:
        listening = asyncio.create_task(listen(Progress(resources).events(job)))
        await asyncio.sleep(0.1)
        with resources.state.engine.begin() as tx:
            tx.execute(sa.text("DELETE FROM jobs"))
        return await asyncio.wait_for(listening, 30)

    assert len(asyncio.run(run())) == 1
