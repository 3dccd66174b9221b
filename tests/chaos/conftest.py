"""One fleet for the fault tests of a file: what dies in one test is up again for the next."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes.fleets import Fleet, write_report

WriteReport = Callable[..., Path]


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """Give a fleet of all four stage workers, supervised as `esg up` does it."""
    with Fleet(tmp_path_factory.mktemp("fleet"), is_supervised=True) as fleet:
        fleet.start("ingest", "embed", "index", "score")
        yield fleet


@pytest.fixture
def bare_fleet(tmp_path: Path) -> Iterator[Fleet]:
    """Give a fleet whose workers the test starts itself."""
    with Fleet(tmp_path) as fleet:
        yield fleet


@pytest.fixture
def report(tmp_path: Path, request: pytest.FixtureRequest) -> WriteReport:
    """Write a report that no other test has written."""

    def write(name: str = "report", **options: object) -> Path:
        tag = f"{request.node.name}-{name}"
        return write_report(tmp_path / f"{tag}.pdf".replace("/", "-"), tag=tag, **options)  # type: ignore[arg-type]

    return write
