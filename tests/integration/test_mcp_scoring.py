"""An assistant has a report read: progress on the way, a wait that ends, a call that is cancelled."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import anyio
import httpx
import pytest
from anyio.to_thread import run_sync
from mcp import Client

from esg.domain import document_id
from esg.resources import open_resources
from esg.settings import Settings
from tests.fakes.assistants import Json, over_http, over_stdio, refused, told
from tests.fakes.samples import SAMPLE
from tests.fakes.serving import serving
from tests.fakes.web import site
from tests.fakes.workshop import work_off

DOCUMENT = document_id(SAMPLE.read_bytes())
Connect = Callable[[], AbstractAsyncContextManager[Client]]

pytestmark = pytest.mark.anyio


@pytest.fixture
def served(tmp_path: Path) -> Iterator[httpx.Client]:
    with serving(Settings(home=tmp_path)) as client:
        yield client


async def call_while_it_is_done(client: Client, home: Path, **arguments: object) -> tuple[Json, list[str]]:
    """Call score_report; the work is done once there is a job. Gives the answer and what was told."""
    heard: list[tuple[float, str]] = []
    answer: Json = {}

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        assert total == 1.0
        heard.append((progress, message or ""))

    async def call() -> None:
        result = await client.call_tool("score_report", arguments, progress_callback=hear)
        answer.update(result.structured_content or {"error": result.content})

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(call)
        with anyio.fail_after(60):
            while not heard:
                await anyio.sleep(0.05)
        await run_sync(work_off, home)
    assert [share for share, _ in heard] == sorted({share for share, _ in heard})
    return answer, [message for _, message in heard]


async def test_a_report_of_an_address_is_scored_while_the_call_waits(
    served: httpx.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESG_FETCH_ALLOW_PRIVATE", "true")
    with site() as place:
        place.pages["/report.pdf"] = SAMPLE.read_bytes()
        async with over_http(served) as client:
            answer, heard = await call_while_it_is_done(
                client, tmp_path, url=f"{place.url}/report.pdf", company="Quernlow plc", wait_seconds=300
            )

    assert (answer["job"]["state"], answer["job"]["document_id"]) == ("scored", DOCUMENT)
    assert answer["scorecard"]["report"]["company"] == "Quernlow plc"
    assert served.get(f"/v1/jobs/{answer['job']['id']}").json()["state"] == "scored"
    assert heard[0] == "ingest"
    assert len(heard) > 1


async def test_a_file_of_this_machine_is_scored_over_stdio(tmp_path: Path) -> None:
    async with over_stdio(tmp_path) as client:
        answer, _ = await call_while_it_is_done(client, tmp_path, path=str(SAMPLE), wait_seconds=300)
        assert answer["scorecard"]["report"]["document_id"] == DOCUMENT

        again = await told(client, "score_report", path=str(SAMPLE))
        assert again["job"]["reused"]
        assert "There is no report at /etc/passwd" in await refused(
            client, "score_report", path="/etc/passwd"
        )


async def test_a_wait_that_is_over_leaves_the_job_and_tells_how_to_ask(served: httpx.Client) -> None:
    async with over_http(served) as client:
        answer = await told(client, "score_report", url="https://example.com/a.pdf", wait_seconds=0)
        later = await told(client, "job_status", job_id=answer["job"]["id"])

    assert answer["job"]["state"] == later["job"]["state"] == "queued"
    assert "esg up" in answer["next_step"]
    assert answer["scorecard"] is None


@pytest.mark.parametrize("way", ["http", "stdio"])
async def test_a_cancelled_call_stops_waiting_and_leaves_the_job(
    served: httpx.Client, tmp_path: Path, way: str
) -> None:
    connect: dict[str, Connect] = {
        "http": lambda: over_http(served),
        "stdio": lambda: over_stdio(tmp_path),
    }
    async with connect[way]() as client:
        await begin_and_cancel(client)

        await until_nobody_waits(served)
        (job,) = open_resources(Settings(home=tmp_path)).state.jobs()
        assert (await told(client, "job_status", job_id=job.id))["job"]["state"] == "queued"


async def test_a_connection_of_the_protocol_with_a_handshake_ends_the_wait_with_it(
    served: httpx.Client, tmp_path: Path
) -> None:
    """Its cancel is a request of its own, which without sessions belongs to no other."""
    async with over_http(served, "legacy") as client:
        await begin_and_cancel(client)

    await until_nobody_waits(served)
    assert len(open_resources(Settings(home=tmp_path)).state.jobs()) == 1


async def begin_and_cancel(client: Client) -> None:
    """Call score_report, and cancel the call as soon as it tells of its progress."""
    with anyio.CancelScope() as call:

        async def hear(progress: float, total: float | None, message: str | None) -> None:
            call.cancel()

        asked = {"url": "https://example.com/a.pdf", "wait_seconds": 600}
        await client.call_tool("score_report", asked, progress_callback=hear)
    assert call.cancelled_caught


async def until_nobody_waits(served: httpx.Client) -> None:
    """Ask the API how many requests it answers, until this is the only one."""
    with anyio.fail_after(20):
        while open_requests(await run_sync(lambda: served.get("/metrics").text)) > 1:
            await anyio.sleep(0.1)


def open_requests(metrics: str) -> float:
    found = re.search(r"^esg_api_open_requests (\S+)$", metrics, re.MULTILINE)
    assert found
    return float(found[1])
