"""The fleet on the servers of the stack, and the same work on the embedded defaults to compare with."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import catalogs, databases, keyspaces, stores

SAMPLES = sorted((Path(__file__).parents[1] / "golden" / "samples").glob("*.pdf"))
SHARED = Path(__file__).parents[3] / "shared" / "reports"
SMALLEST = int(os.environ.get("STACK_REPORTS", "2"))  # of the shared reports; 27 are all of them
PATIENCE_SECONDS = 900.0 + 100.0 * SMALLEST


@pytest.fixture(scope="session")
def reports() -> list[Path]:
    """The sample reports, and of the shared ones, where they are there, the smallest files."""
    shared = sorted(SHARED.glob("*/*.*"), key=lambda path: path.stat().st_size)
    return [*SAMPLES, *shared[:SMALLEST]]


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, str]]:
    """Give a module the settings of the stack's stores, with database, keyspace and tables of its own."""
    with keyspaces.temporary() as keyspace, databases.temporary() as database:
        tables = catalogs.catalog("seaweedfs", Path())
        del tables["ESG_HOME"]
        yield {
            "ESG_DATABASE_URL": database,
            "ESG_BROKER_URL": databases.own_redis(),
            "ESG_LAKE_URL": stores.s3_url(),
            **tables,
            **keyspaces.variables(keyspace),
        }
