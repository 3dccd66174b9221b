"""Pictures that wait to be drawn: each in its turn, not for ever, and in nobody's way."""

import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

import anyio
import httpx
import pytest
from anyio import to_thread
from anyio.abc import TaskGroup
from fastapi import FastAPI
from mcp import Client

from api import drawing_slots
from api.app import THREADS, create_app
from api.drawing_slots import AT_ONCE, DrawingSlots
from esg.domain import Identity, document_id
from esg.extract import Extraction
from esg.settings import Settings
from tests.conftest import MakePage
from tests.fakes.little_fleet import Clock, LittleFleet

PATIENCE_SECONDS = 60  # of a test that fails
SOURCE = "acme.pdf"
DOCUMENT = document_id(SOURCE.encode())
HERE = f"/v1/documents/{DOCUMENT}"
PICTURE = f"{HERE}/pages/1.png"
RESOURCE = f"page://{DOCUMENT}/1.png"

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def app(tmp_path_factory: pytest.TempPathFactory, make_page: MakePage) -> AsyncIterator[FastAPI]:
    """The API with a document of one page, started as a server starts it."""
    app = create_app(Settings(home=tmp_path_factory.mktemp("home")))
    resources = app.state.house.resources
    async with app.router.lifespan_context(app):
        LittleFleet(resources.state, Clock()).submit(SOURCE)
        page = make_page("Scope 1 emissions were 12 tCO2e.")
        resources.lake.save_extraction(
            DOCUMENT, Extraction((page,), Identity("", None), title="", language="en")
        )
        yield app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


@pytest.fixture(params=["REST", "MCP"])
async def ask(
    request: pytest.FixtureRequest, app: FastAPI, client: httpx.AsyncClient
) -> AsyncIterator[Callable[[], Awaitable[object]]]:
    """Ask for the picture of the page, by each way that there is."""
    async with Client(app.state.mcp.server, cache=None) as assistant:
        ways: dict[str, Callable[[], Awaitable[object]]] = {
            "REST": partial(client.get, PICTURE),
            "MCP": partial(assistant.read_resource, RESOURCE),
        }
        yield ways[request.param]


async def test_a_read_is_answered_while_more_pictures_wait_than_there_are_threads(
    app: FastAPI, client: httpx.AsyncClient, ask: Callable[[], Awaitable[object]]
) -> None:
    pictures: list[object] = []

    async def wait_for_a_picture() -> None:
        pictures.append(await ask())

    async with _all_taken(app.state.house.drawing) as tasks:
        for _ in range(THREADS + 1):
            tasks.start_soon(wait_for_a_picture)
        with anyio.fail_after(PATIENCE_SECONDS):
            await _until_all_wait_without_a_thread()
            read = await client.get(HERE)
        tasks.cancel_scope.cancel()

    assert (read.status_code, read.json()["id"]) == (200, DOCUMENT)
    assert pictures == []


async def test_the_api_answers_with_so_many_threads(app: FastAPI) -> None:
    assert to_thread.current_default_thread_limiter().total_tokens == THREADS


async def test_who_waits_for_too_long_is_asked_to_come_again(
    app: FastAPI, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with _all_taken(app.state.house.drawing):
        monkeypatch.setattr(drawing_slots, "WAIT_SECONDS", 0.05)
        answer = await client.get(PICTURE)

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert answer.json()["detail"] == "Too many pages are being drawn."


async def test_the_next_is_drawn_when_a_slot_is_free_and_not_before() -> None:
    slots, begun = DrawingSlots(), threading.Event()

    def draw() -> bytes:
        begun.set()
        return b""

    async with _all_taken(slots) as tasks:
        tasks.start_soon(slots.run, draw)
        await anyio.wait_all_tasks_blocked()
        assert not begun.wait(0.2)

    assert begun.is_set()


async def test_a_drawing_that_fails_leaves_its_slot() -> None:
    slots = DrawingSlots()

    def fail() -> bytes:
        raise ZeroDivisionError

    for _ in range(AT_ONCE):
        with pytest.raises(ZeroDivisionError):
            await slots.run(fail)

    assert await slots.run(lambda: b"drawn") == b"drawn"


@asynccontextmanager
async def _all_taken(slots: DrawingSlots) -> AsyncIterator[TaskGroup]:
    """Draw in all slots at once, until the end of the block."""
    all_draw, let_go = threading.Barrier(AT_ONCE + 1), threading.Event()

    def draw() -> bytes:
        all_draw.wait(PATIENCE_SECONDS)
        assert let_go.wait(PATIENCE_SECONDS)
        return b""

    async with anyio.create_task_group() as tasks:
        for _ in range(AT_ONCE):
            tasks.start_soon(slots.run, draw)
        await to_thread.run_sync(all_draw.wait, PATIENCE_SECONDS)
        try:
            yield tasks
        finally:
            let_go.set()


async def _until_all_wait_without_a_thread() -> None:
    """Until every task waits for something else than one of the threads that answer."""
    await anyio.wait_all_tasks_blocked()
    while to_thread.current_default_thread_limiter().borrowed_tokens:
        await anyio.sleep(0.01)
        await anyio.wait_all_tasks_blocked()
