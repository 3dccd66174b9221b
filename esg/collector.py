"""Python's collector of circular garbage, held back from values that all live."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """Keep it from looking for dead values among those just made.

    That doubles the time to decode a report's words, and is a seventh of the time to score it again.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def leave_out_what_is_loaded() -> None:
    """Look through what is there now never again: modules and models live as long as the process.

    At the end of a process, too, Python looks through everything, for half a second of CPU. (gc.freeze)
    """
    gc.freeze()
