"""A home of its own for each test that starts a broker."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from esg import broker
from esg.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """Give settings whose broker, if one was started, is stopped at the end."""
    settings = Settings(home=tmp_path / "home")
    yield settings
    broker.stop(settings)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"
