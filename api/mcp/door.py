"""POST /mcp → the MCP server, loaded by the first call: an API that is asked for reports starts sooner."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cached_property
from typing import TYPE_CHECKING

import anyio
from anyio import to_thread
from anyio.abc import TaskGroup, TaskStatus
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from api.deps import House
from api.rates import Rates

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

    from api.mcp.served import Served

PATH = "/mcp"


class Door:
    """The server as an ASGI application at one address, while `run` is entered.

    The Guard has checked the name it was called by, the Gate the key.
    """

    def __init__(self, house: House, rates: Rates) -> None:
        self._house = house
        self._rates = rates
        self.route = Route(PATH, endpoint=self, methods=["POST"])

    @property
    def server(self) -> "MCPServer":
        return self._served.server

    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        """Take calls; what a call began ends with it."""
        async with anyio.create_task_group() as tasks:
            self._host = _Host(tasks)
            yield
            self._host.is_over.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = self.route  # as FastAPI does for its own, for the metrics
        await self._host.open(lambda: self._served)
        await self._served.app(scope, receive, send)

    @cached_property
    def _served(self) -> "Served":
        from api.mcp.desk import Desk
        from api.mcp.served import Served
        from api.mcp.server import open_server

        return Served(open_server(Desk(self._house, self._rates)))


class _Host:
    """Keeps the server's own tasks, for as long as the application lives."""

    def __init__(self, tasks: TaskGroup) -> None:
        self.is_over = anyio.Event()
        self._tasks = tasks
        self._is_open = False
        self._turn = anyio.Lock()

    async def open(self, load: Callable[[], "Served"]) -> None:
        """Load the server unless it is there, in a thread; to the end, though whoever called has gone."""
        if self._is_open:
            return
        with anyio.CancelScope(shield=True):
            async with self._turn:
                if not self._is_open:
                    await self._tasks.start(self._keep, await to_thread.run_sync(load))
                    self._is_open = True

    async def _keep(self, served: "Served", *, task_status: TaskStatus[None]) -> None:
        async with served.run():
            task_status.started()
            await self.is_over.wait()
