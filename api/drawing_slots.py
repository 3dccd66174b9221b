"""A drawing → an image, two at a time: each has a thread of its own, and whoever waits for one holds none."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import anyio
from anyio import to_thread

from esg.errors import Transient

AT_ONCE = 2  # sandboxes: drawing is CPU work, and workers share the machine
WAIT_SECONDS = 20.0


class DrawingSlots:
    """First come, first served. For the tasks of one event loop."""

    def __init__(self) -> None:
        self._slots = anyio.Semaphore(AT_ONCE)
        self._threads = anyio.CapacityLimiter(AT_ONCE)  # one for each slot, beside those that answer

    async def run(self, draw: Callable[[], bytes]) -> bytes:
        """Draw when it is its turn; raises Transient where that does not come in time."""
        async with self._slot():
            return await to_thread.run_sync(draw, limiter=self._threads)

    @asynccontextmanager
    async def _slot(self) -> AsyncIterator[None]:
        """Only the wait has a limit: a drawing that has begun is not cut short."""
        try:
            with anyio.fail_after(WAIT_SECONDS):
                await self._slots.acquire()
        except TimeoutError as error:
            raise Transient("Too many pages are being drawn.", next_step="Ask again in a moment.") from error
        try:
            yield
        finally:
            self._slots.release()
