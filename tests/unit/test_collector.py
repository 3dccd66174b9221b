"""What is loaded is looked through no more, and what comes after it still is."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from esg import collector


@pytest.fixture(autouse=True)
def thaw() -> Iterator[None]:
    yield
    gc.unfreeze()


class Circle:
    def __init__(self) -> None:
        self.itself = self


def test_what_is_loaded_is_left_out_and_what_comes_later_is_not() -> None:
    before = Circle()
    early = weakref.ref(before)
    collector.leave_out_what_is_loaded()
    later = Circle()
    late = weakref.ref(later)

    del before, later
    gc.collect()

    assert early() is not None
    assert late() is None
