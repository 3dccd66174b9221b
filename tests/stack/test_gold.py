"""Gold on real catalogs while several write it, die over it, and lose the catalog in the middle."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from esg import errors
from esg.lake.base import GoldTables
from esg.resources import open_resources
from tests.fakes.catalogs import REST, catalog, settings
from tests.fakes.gold_writer import begin, cards, tell_the_same
from tests.servers import iceberg_rest, seaweedfs
from tests.servers.server import Server

pytestmark = pytest.mark.skipif(not REST, reason="needs the catalogs of `make test-stack`")


@pytest.fixture(params=REST)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    return catalog(request.param, tmp_path)


def opened(place: dict[str, str]) -> GoldTables:
    return open_resources(settings(place)).gold


@pytest.mark.timeout(900)  # twelve scorecards of nine tables each; minutes where the machine is busy
def test_six_writers_at_once_lose_nothing_and_write_nothing_twice(place: dict[str, str]) -> None:
    """Each writes two companies, and each of these a neighbour, too."""
    writers = [begin(place, first=number, count=2) for number in range(6)]

    assert [writer.wait(880) for writer in writers] == [0] * 6
    assert tell_the_same(opened(place).tables(), *cards(0, 7))


@pytest.mark.timeout(900)
def test_compaction_beside_writers_loses_nothing(place: dict[str, str]) -> None:
    begin(place, first=0, count=4).wait()
    writers = [begin(place, first=4 + 2 * number, count=2) for number in range(3)]

    while any(writer.poll() is None for writer in writers):
        opened(place).compact()

    assert [writer.returncode for writer in writers] == [0] * 3
    opened(place).compact()
    assert tell_the_same(opened(place).tables(), *cards(0, 10))


@pytest.mark.parametrize("seconds", [1.0, 3.0])
def test_a_writer_killed_in_the_middle_is_made_good_by_the_next(
    place: dict[str, str], seconds: float
) -> None:
    writer = begin(place, first=0, count=50)
    time.sleep(2 + seconds)
    writer.send_signal(signal.SIGKILL)
    assert writer.wait() == -signal.SIGKILL

    assert begin(place, first=0, count=3).wait(120) == 0

    found = opened(place).tables()
    known = [one for one in cards(0, 50) if one.trace_id in found["scorecards"]["trace_id"].to_pylist()]
    assert len(known) >= 3
    assert tell_the_same(found, *known)


@pytest.fixture(params=REST)
def own(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[dict[str, str], Server]]:
    """A catalog that may be killed: the place of its tables, and the server."""
    store = seaweedfs.store(tmp_path / "store")
    with store.server:
        if request.param == "seaweedfs":
            yield catalog("seaweedfs", tmp_path, uri=store.catalog, s3=store.s3), store.server
            return
        server, url = iceberg_rest.catalog(tmp_path / "catalog", s3=store.s3)
        with server:
            yield catalog("rest", tmp_path, uri=url, s3=store.s3), server


def test_a_catalog_that_is_killed_and_comes_back_has_lost_nothing(own: tuple[dict[str, str], Server]) -> None:
    place, server = own
    assert begin(place, first=0, count=2).wait() == 0
    writer = begin(place, first=2, count=20)
    time.sleep(5)
    server.kill()
    with pytest.raises(errors.Unavailable):
        opened(place).tables()
    assert writer.wait(120) != 0, "the writer should have noticed"

    server.start()
    assert begin(place, first=0, count=5).wait(120) == 0

    found = opened(place).tables()
    known = [one for one in cards(0, 22) if one.trace_id in found["scorecards"]["trace_id"].to_pylist()]
    assert len(known) >= 5
    assert tell_the_same(found, *known)
