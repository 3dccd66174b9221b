"""What a soak calls flat, and how it makes a report a new document."""

import itertools
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from esg.domain import document_id
from esg.extract import ParseLimits, extract
from esg.fetch import from_bytes
from tests.fakes.samples import SAMPLE
from tests.soak.load import copies
from tests.soak.samples import Sample
from tests.soak.slopes import trends

HOUR = 360  # samples, one in ten seconds
MEMORY, FILES, KEYS, SQL = "ingest: memory, MiB", "ingest: open files", "Redis keys", "SQL, MiB"


def samples(value: Callable[[int], float], what: str) -> list[Sample]:
    """An hour in which a document is done every ten seconds."""
    return [Sample(10.0 * n, n, {what: value(n)}) for n in range(HOUR)]


@pytest.mark.parametrize(
    ("what", "value", "is_flat"),
    [
        pytest.param(MEMORY, lambda n: 500, True, id="steady"),
        pytest.param(MEMORY, lambda n: 500 + Random(n).gauss(0, 60), True, id="noisy"),
        pytest.param(MEMORY, lambda n: 500 + n % 30, True, id="children replaced now and then"),
        pytest.param(MEMORY, lambda n: 3000 if n % 50 == 7 else 500, True, id="a large report now and then"),
        pytest.param(MEMORY, lambda n: 500 + 0.05 * n, True, id="an allocator that keeps some"),
        pytest.param(MEMORY, lambda n: 500 + 0.25 * n, False, id="256 KiB leaked by each document"),
        pytest.param(
            MEMORY, lambda n: 500 + 0.5 * n + Random(n).gauss(0, 60), False, id="512 KiB leaked, with noise"
        ),
        pytest.param(FILES, lambda n: 40 + n % 3, True, id="files come and go"),
        pytest.param(FILES, lambda n: 40 + n // 20, False, id="a file left open by each twentieth document"),
        pytest.param(KEYS, lambda n: 30 + n % 8, True, id="messages under way"),
        pytest.param(KEYS, lambda n: 30 + n, False, id="a key left by each document"),
        pytest.param("Redis memory, MiB", lambda n: 3 + 0.02 * n, False, id="20 KiB left in Redis by each"),
        pytest.param(SQL, lambda n: 10 + 0.1 * n, True, id="rows of documents"),
        pytest.param(SQL, lambda n: 10 + 1.0 * n, False, id="a MiB of rows for each document"),
    ],
)
def test_growth_is_told_from_noise(what: str, value: Callable[[int], float], is_flat: bool) -> None:
    (trend,) = trends(samples(value, what))

    assert trend.is_flat is is_flat, trend


def test_a_run_that_was_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="9 samples after the warm-up are too few"):
        list(trends(samples(lambda n: 1.0, MEMORY)[:9]))


def test_a_copy_is_another_document_that_reads_the_same(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text("<html><body><p>Our Scope 1 emissions were 12 tCO2e in 2024.</p></body></html>")

    made = list(itertools.islice(copies([SAMPLE, page], tmp_path), 4))

    documents = [from_bytes(copy.path.read_bytes(), name=copy.path.name) for copy in made]
    assert len({document_id(one.data) for one in documents}) == 4
    first, second = (
        [page.text for page in extract(one, limits=ParseLimits()).pages] for one in documents[1::2]
    )
    assert first == second
    sample, again = (
        [page.text for page in extract(one, limits=ParseLimits()).pages] for one in documents[::2]
    )
    assert sample == again
