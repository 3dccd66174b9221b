"""The fleet on the servers of the stack, and the same work on the embedded defaults to compare with."""

from pathlib import Path

import pytest

SAMPLES = sorted((Path(__file__).parents[1] / "golden" / "samples").glob("*.pdf"))
SHARED = Path(__file__).parents[3] / "shared" / "reports"
SMALLEST = 6  # of the shared reports the smallest: the whole set is scored by `python -m tests.stack --whole`


@pytest.fixture(scope="session")
def reports() -> list[Path]:
    """The sample reports, and of the shared ones, where they are there, the smallest files."""
    shared = sorted(SHARED.glob("*/*.pdf"), key=lambda path: path.stat().st_size)
    return [*SAMPLES, *shared[:SMALLEST]]
