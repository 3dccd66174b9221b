"""The fleet on the servers of the stack, and the same work on the embedded defaults to compare with."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import catalogs, keyspaces, stores

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
    """Give the settings of the stack's stores, with a keyspace and tables of this module's own."""
    with keyspaces.temporary() as keyspace:
        tables = catalogs.catalog("seaweedfs", Path())
        del tables["ESG_HOME"]
        yield {
            "ESG_DATABASE_URL": os.environ["STACK_POSTGRES"],
            "ESG_BROKER_URL": os.environ["STACK_REDIS"],
            "ESG_LAKE_URL": stores.s3_url(),
            **tables,
            **keyspaces.variables(keyspace),
        }
