"""A real report for the unit tests that need one, read once."""

import pytest

from esg.domain import Fetched
from esg.extract import Extraction, ParseLimits, extract
from esg.fetch import from_bytes
from tests.fakes.samples import SAMPLE


@pytest.fixture(scope="session")
def original() -> Fetched:
    """Give the shortest of the sample reports."""
    return from_bytes(SAMPLE.read_bytes(), name=SAMPLE.name)


@pytest.fixture(scope="session")
def extraction(original: Fetched) -> Extraction:
    return extract(original, limits=ParseLimits())
