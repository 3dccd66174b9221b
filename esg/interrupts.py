"""Ctrl-C and SIGTERM: held back while a process starts and its name is kept; one taken as the other."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

HELD = (signal.SIGINT, signal.SIGTERM)


def as_interrupt(_number: int, _frame: FrameType | None) -> None:
    """Handle SIGTERM as Ctrl-C: what was begun is ended on the way out."""
    raise KeyboardInterrupt


@contextmanager
def held_back() -> Iterator[None]:
    """Let what interrupts the main thread take effect at the end of the block, not within it.

    An interrupt between a child's start and the line that keeps its handle leaves a process that nobody
    stops. Python runs handlers in the main thread alone, so another thread has nothing to hold back.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []

    def keep(number: int, _frame: FrameType | None) -> None:
        came.append(number)

    before = {number: signal.signal(number, keep) for number in HELD if callable(signal.getsignal(number))}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for late in came:
            signal.raise_signal(late)
