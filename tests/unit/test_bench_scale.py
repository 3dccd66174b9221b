"""What the benches of growth, state and search count, on sizes that take no time."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from esg.evaluate.bench.growth import figures
from esg.evaluate.bench.search import bench_search
from esg.evaluate.growth import Grown, exponent
from esg.evaluate.memory import MIB, peak_mib, resident_mib
from esg.evaluate.sql_tally import Asked
from esg.evaluate.state_rate import measure as measure_state
from esg.index.duckdb import DuckDBStore
from esg.state import Policy, State


def test_the_exponent_is_the_slope_of_logarithms() -> None:
    assert exponent([10, 100, 1000], [1, 10, 100]) == pytest.approx(1.0)
    assert exponent([10, 100], [1, 100]) == pytest.approx(2.0)


def _grown(documents: int, *, night: float, memory_mib: float = 200.0) -> Grown:
    return Grown(
        documents,
        {"register": 0.5, "flow": float(documents), "lists": 0.5, "night": night},
        {"outbox": Asked(1, 1, float(documents))},
        memory_mib={"flow": memory_mib, "night": memory_mib},
    )


def test_growth_that_is_linear_and_flat_reaches_its_bars() -> None:
    told = {f.what: f for f in figures([_grown(n, night=float(n)) for n in (10, 100, 1000)])}

    assert told["flow: exponent"].value == pytest.approx(1.0)
    assert told["wall: exponent"].is_reached is True
    assert told["SQL: exponent of the last two"].is_reached is True
    assert told["memory of a worker, 1,000 documents / 100"].is_reached is True
    assert told["1,000 documents: wall"].samples == (2001.0,)


def test_growth_that_is_not_misses_them() -> None:
    sizes = [_grown(n, night=float(n * n), memory_mib=100 + n) for n in (10, 100, 1000)]

    told = {f.what: f for f in figures(sizes)}

    assert told["night: exponent of the last two"].value == pytest.approx(2.0)
    assert told["wall: exponent of the last two"].is_reached is False
    assert told["memory of a worker, 1,000 documents / 100"].is_reached is False


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with closing(State.open(f"sqlite:///{tmp_path / 'state.sqlite'}", Policy("p1", "maturity@1"))) as opened:
        yield opened


def test_every_stage_run_of_every_round_is_done_and_counted(state: State) -> None:
    rounds = [measure_state(state, documents=5, batches=2, threads=2, first=first) for first in (0, 5)]

    assert [found.stage_runs for found in rounds] == [25, 25]
    assert state.backlog() == 0
    assert len(state.scorecards()) == 10
    assert rounds[1].asked["stage run"].transactions >= 2 * 25  # a claim and an end, at the least
    assert rounds[1].asked["stage run"].transactions < 2 * rounds[0].asked["stage run"].transactions
    assert rounds[1].asked["stage run"].seconds > 0


def test_search_from_memory_finds_all_that_is_nearest(tmp_path: Path) -> None:
    open_store = partial(DuckDBStore, embedder_id="bench", memory_bytes=10**9)

    found = bench_search([2000], open_store, dimensions=32, rounds=2, on_turn=lambda _: None)

    assert found.figure("2,000 vectors: recall@10").is_reached is True
    assert found.figure("2,000 vectors: recall@10 of the worst query").value == 1.0
    assert len(found.figure("2,000 vectors: everywhere, p95").samples) == 2
    assert found.figure("2,000 vectors: memory of a vector").value > 0


def test_a_process_knows_its_own_memory_and_not_that_of_its_parent() -> None:
    ballast = np.ones(40 * MIB, np.int8)

    child = subprocess.run(
        [sys.executable, "-c", "from esg.evaluate.memory import peak_mib; print(peak_mib())"],
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip

    assert float(child.stdout) < resident_mib() - ballast.nbytes / MIB / 2
    assert resident_mib() <= peak_mib()
