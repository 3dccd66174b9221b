"""The model of the fleet: shared processors, queues in turn, and what it says of a recorded run."""

from pathlib import Path

import pytest
import simpy

from esg.capacity import Paper, Recorded, Run, loads, recorded
from esg.capacity.costs import Prices, sensitivity
from esg.capacity.demand import fit, processor_seconds
from esg.capacity.fleet import Shape, Work, simulate
from esg.capacity.plan import plan
from esg.capacity.processors import Processors
from esg.capacity.validation import WITHIN, Model, checks
from esg.errors import Misconfigured

ALONE = {"ingest": 1, "embed": 1, "index": 1, "score": 1}


def shape(processors: int, workers: dict[str, int] | None = None, gap: float = 0.0) -> Shape:
    return Shape(processors, workers or ALONE, embed_threads=2, gap=gap)


def ends(count: int, *jobs: tuple[float, int]) -> list[float]:
    """When jobs of so many processor seconds and threads end that begin together."""
    environment = simpy.Environment()
    processors = Processors(environment, count, most=100)
    found = []
    for seconds, threads in jobs:
        done = processors.work(seconds, threads)
        done.callbacks.append(lambda _: found.append(environment.now))
    environment.run()
    return found


@pytest.mark.parametrize(
    ("count", "jobs", "expected"),
    [
        (2, [(4, 1)], [4]),
        (2, [(4, 2)], [2]),  # two threads, a processor each
        (1, [(1, 1), (1, 1)], [2, 2]),
        (1, [(1, 1), (3, 1)], [2, 4]),  # both at half speed until the first is done
        (2, [(2, 1), (4, 2)], [3, 3]),  # three threads at 2/3
    ],
)
def test_busy_threads_share_processors(
    count: int, jobs: list[tuple[float, int]], expected: list[float]
) -> None:
    assert ends(count, *jobs) == pytest.approx(expected)


def test_a_document_goes_through_its_stages_one_after_the_other() -> None:
    found = simulate([Work(1, (2, 2), 1, 3)], shape(processors=5, gap=0.5))

    # ingest 1, two batches of two threads by one worker 1 + 1, index 1, score 3, and five gaps
    assert found.seconds == pytest.approx(1 + 2 + 1 + 3 + 5 * 0.5)
    assert found.processor_seconds == pytest.approx(9)


def test_a_short_document_does_not_wait_for_all_of_a_long_one() -> None:
    long, short = Work(1, (2,) * 50, 0, 0), Work(1, (2,), 0, 0)

    found = simulate([long, short], shape(processors=5))

    assert found.finished[1] < 5 < 50 < found.finished[0]


def test_a_second_process_halves_the_time_of_what_it_does() -> None:
    works = [Work(0.1, (10,) * 4, 0.1, 0.1)] * 20
    one = simulate(works, shape(processors=10)).seconds
    two = simulate(works, shape(processors=10, workers=ALONE | {"embed": 2})).seconds

    assert two / one == pytest.approx(0.5, abs=0.02)


def test_what_ran_beside_is_taken_out_of_a_record() -> None:
    """Two stage runs of one thread each on one processor: each had half of it while both ran."""
    papers = (Paper(1, 0, 0, 1, 0, "en"),) * 2
    runs = (Run(0, "ingest", 0, 0, 0.0, 0.0, 4.0), Run(1, "score", 0, 0, 0.0, 2.0, 4.0))

    seconds = processor_seconds(Recorded(1, papers, runs))

    assert [seconds[run] for run in runs] == pytest.approx([3.0, 1.0])


def test_seconds_are_explained_by_pages() -> None:
    papers = tuple(Paper(pages, 0, 0, 1, 0, "en") for pages in (5, 10, 20, 40))
    begins = (0.0, 100.0, 200.0, 300.0)
    runs = tuple(
        Run(place, "ingest", 0, 0, 0.0, at, at + 1 + 0.5 * paper.pages)
        for place, (paper, at) in enumerate(zip(papers, begins, strict=True))
    )
    found = Recorded(
        2, papers, (*runs, *(Run(0, role, 0, 0, 0, 900, 901) for role in ("embed", "index", "score")))
    )

    explained = fit(found, processor_seconds(found))["ingest"]

    assert explained.constant == pytest.approx(1.0)
    assert explained.per["pages"] == pytest.approx(0.5)
    assert explained.r2 == pytest.approx(1.0)


def test_the_recorded_run_is_reproduced() -> None:
    """The record that is shipped, by its own seconds and by what the halves of its documents teach."""
    of_the_run = list(checks(recorded.read(), {}))

    assert len(of_the_run) == 4
    assert all(abs(check.error) <= WITHIN for check in of_the_run)


def test_a_plan_is_kept_by_its_fleet_and_the_same_each_time() -> None:
    model, counted = Model.of(recorded.read()), loads.read()

    made = plan(model, counted, reports=2000, hours=2.0, prices=Prices())

    assert made == plan(model, counted, reports=2000, hours=2.0, prices=Prices())
    assert made.seconds <= 2 * 3600
    assert made.workers["embed"] > 1
    assert 0.5 < made.used <= 1.0
    assert dict(sensitivity(made.consumption, Prices()))["processor hour × 2"] == pytest.approx(
        made.bill.total + made.bill.processors
    )


def test_a_record_comes_back_as_it_was_written(tmp_path: Path) -> None:
    kept = recorded.read()
    (tmp_path / "run.json").write_text(kept.to_json(), encoding="utf-8")

    assert recorded.read(tmp_path / "run.json") == kept


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text('{"format": "other"}', encoding="utf-8")

    with pytest.raises(Misconfigured, match="no recorded run"):
        recorded.read(tmp_path / "other.json")
