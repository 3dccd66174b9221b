"""The fleet on the servers of the stack, and the same work on the embedded defaults to compare with."""

import os
from pathlib import Path

import pytest

SAMPLES = sorted((Path(__file__).parents[1] / "golden" / "samples").glob("*.pdf"))
SHARED = Path(__file__).parents[3] / "shared" / "reports"
SMALLEST = int(os.environ.get("STACK_REPORTS", "2"))  # of the shared reports; 27 are all of them
PATIENCE_SECONDS = 900.0 + 100.0 * SMALLEST


@pytest.fixture(scope="session")
def reports() -> list[Path]:
    """The sample reports, and of the shared ones, where they are there, the smallest files."""
    shared = sorted(SHARED.glob("*/*.*"), key=lambda path: path.stat().st_size)
    return [*SAMPLES, *shared[:SMALLEST]]
