"""Fifty uploads at once and five hundred listeners: no job and no event is lost."""

import asyncio
from pathlib import Path

import httpx
import pytest

from esg.client.events import Event
from esg.settings import Settings
from tests.fakes.crowd import Crowd, crowd
from tests.fakes.serving import serving
from tests.fakes.workshop import work_off

UPLOADS, LISTENERS = 50, 500


def _report(number: int) -> tuple[str, bytes]:
    text = (
        f"<h1>Acme {number} plc Sustainability Report 2024</h1><p>Scope 1 emissions were {number} tCO2e.</p>"
    )
    return f"{number}.html", text.encode()


@pytest.mark.timeout(600)  # a minute on a quiet machine, three and more where others compute
def test_fifty_uploads_and_five_hundred_listeners_lose_nothing(tmp_path: Path) -> None:
    async def gather(url: httpx.URL) -> Crowd:
        # A connection that is kept may be closed by the server just as it is used again.
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        async with httpx.AsyncClient(base_url=url, timeout=200, limits=limits) as client:
            files = [_report(number) for number in range(UPLOADS)]
            return await crowd(client, files, listeners=LISTENERS, then=lambda: work_off(tmp_path))

    with serving(Settings(home=tmp_path)) as client:
        found = asyncio.run(gather(client.base_url))
        known = client.get("/v1/jobs", params={"state": "scored", "limit": 100}).json()["jobs"]

    assert (found.refused, found.unfinished, found.lost_events) == (0, 0, 0)
    assert found.states == {"scored": UPLOADS}
    assert {job["id"] for job in known} == set(found.jobs)
    assert all(len(of) == LISTENERS // UPLOADS for of in found.heard.values())


@pytest.mark.parametrize(
    ("heard", "lost"),
    [
        ((("a", "b", "c"), ("b", "c"), ("c",)), 0),
        ((("a", "b", "c"), ("a", "c"), ("b", "c")), 1),
        ((("a", "b"), ("a", "b")), 0),
        ((("a", "b"), ()), 2),
    ],
    ids=["who comes later", "one in the middle", "alike", "all"],
)
def test_an_event_that_one_listener_missed_is_counted(heard: tuple[tuple[str, ...], ...], lost: int) -> None:
    told = tuple(tuple(Event("progress", name, {}) for name in ids) for ids in heard)

    assert Crowd(("job",), 0, {"job": told}).lost_events == lost


def test_a_stream_that_broke_off_is_unfinished() -> None:
    broken, whole = (Event("progress", "a", {}),), (Event("progress", "a", {}), Event("end", "b", {}))

    assert Crowd(("job",), 0, {"job": (broken, whole, ())}).unfinished == 2
