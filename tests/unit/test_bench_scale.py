"""What the benches of growth, state and search count, on sizes that take no time."""

from pathlib import Path

import numpy as np
import pytest

from esg.cli.bench_growth import summary
from esg.evaluate.growth import Grown, exponent
from esg.evaluate.neighbours import measure as measure_search
from esg.evaluate.sql_tally import Asked
from esg.evaluate.state_rate import measure as measure_state
from esg.index.duckdb import DuckDBStore
from esg.state import Policy, State


def test_the_exponent_is_the_slope_of_logarithms() -> None:
    assert exponent([10, 100, 1000], [1, 10, 100]) == pytest.approx(1.0)
    assert exponent([10, 100], [1, 100]) == pytest.approx(2.0)


def test_growth_tells_all_sizes_and_the_last_two() -> None:
    sizes = [
        Grown(n, {"flow": float(n), "lists": 1.0, "night": float(n * n)}, {"outbox": Asked(1, 1, float(n))})
        for n in (10, 100, 1000)
    ]

    told = summary(sizes)

    assert told["exponents"]["flow"]["all"] == pytest.approx(1.0)
    assert told["exponents"]["night"]["last"] == pytest.approx(2.0)
    assert told["exponents"]["sql"]["all"] == pytest.approx(1.0)


def test_every_stage_run_is_done_and_counted(tmp_path: Path) -> None:
    state = State.open(f"sqlite:///{tmp_path / 'state.sqlite'}", Policy("p1", "maturity@1"))

    found = measure_state(state, documents=5, batches=2, threads=2)

    assert found.stage_runs == 25
    assert state.backlog() == 0
    assert len(state.scorecards()) == 5
    assert found.asked["stage run"].transactions >= 2 * 25  # a claim and an end, at the least
    assert found.asked["stage run"].seconds > 0
    state.close()


def test_search_from_memory_finds_all_that_is_nearest(tmp_path: Path) -> None:
    store = DuckDBStore(str(tmp_path), embedder_id="bench", memory_bytes=10**9)

    found = measure_search(store, vectors=2000, dimensions=32)

    assert (found.recall, found.worst_recall) == (1.0, 1.0)
    assert found.vectors == 2000
    assert np.isfinite([found.everywhere.p95, found.in_company.p95]).all()
