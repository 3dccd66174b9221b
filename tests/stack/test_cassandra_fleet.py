"""A fleet that indexes into a real Cassandra; `esg search` then says the same as over DuckDB."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import keyspaces
from tests.fakes.fleets import Fleet
from tests.fakes.samples import SAMPLES
from tests.fakes.terminal import esg

PATIENCE_SECONDS = 600.0
QUERY = "target validated by the Science Based Targets initiative"
SEARCHES = (
    (QUERY,),
    ("who assures the figures",),
    (QUERY, "--company", "Lyngvarde ASA"),
    ("How much water was withdrawn?", "--careful"),
)

pytestmark = [
    pytest.mark.skipif(not keyspaces.is_there(), reason="needs STACK_CASSANDRA"),
    pytest.mark.timeout(1200),
]


@pytest.fixture(scope="module")
def cassandra() -> Iterator[dict[str, str]]:
    with keyspaces.temporary() as name:
        yield keyspaces.variables(name) | {"ESG_CASSANDRA_TIMEOUT_SECONDS": "60"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, cassandra: dict[str, str]) -> Path:
    """Give a home whose reports a fleet of workers has scored and indexed."""
    home = tmp_path_factory.mktemp("fleet")
    with Fleet(home, **cassandra) as fleet:
        fleet.start("ingest", "embed", "index", "score", is_faulty=False)
        jobs = [fleet.submit(path) for path in sorted(SAMPLES.glob("*.pdf"))]
        fleet.until(lambda: all(job.is_over for job in fleet.jobs(jobs)), "jobs over", PATIENCE_SECONDS)
        fleet.until_scored(jobs)
    return home


def test_search_says_the_same_on_both_stores(home: Path, cassandra: dict[str, str]) -> None:
    duckdb = {"ESG_VECTOR_STORE": "duckdb"}
    filled = json.loads(esg(home, "index", "--json", **duckdb).stdout)
    assert (filled["documents"], filled["unread"]) == (3, 0)

    for search in SEARCHES:
        asked = ("search", *search, "-k", "20", "--json")
        over_cassandra, over_duckdb = (json.loads(esg(home, *asked, **v).stdout) for v in (cassandra, duckdb))
        assert over_cassandra == over_duckdb
        assert len(over_cassandra) == 20

    again = json.loads(esg(home, "index", "--json", **cassandra).stdout)
    assert again == filled, "the fleet indexed every chunk, and filling it again adds none"
