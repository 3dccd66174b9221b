"""How many processes: arithmetic that a reader can follow, and what is read from the rows."""

from datetime import timedelta
from pathlib import Path

import pytest

from esg.capacity import needs
from esg.state import ServiceTimes, open_engine, upgrade
from tests.fakes.little_fleet import Clock, LittleFleet, open_state

TIMES = ServiceTimes(2, {"ingest": (10.0, 14.0), "embed": (3.0,) * 8, "score": (1.0, 3.0)})


@pytest.mark.parametrize(
    ("reports", "hours", "busy", "expected"),
    [
        (1000, 8, 1.0, {"ingest": 1, "embed": 1, "score": 1}),  # 12,000 s of 28,800 s
        (10_000, 8, 1.0, {"ingest": 5, "embed": 5, "score": 1}),  # 120,000 s, 120,000 s, 20,000 s
        (10_000, 8, 0.5, {"ingest": 9, "embed": 9, "score": 2}),
        (1, 24, 0.7, {"ingest": 1, "embed": 1, "score": 1}),
    ],
)
def test_processes_are_the_work_over_the_time_there_is(
    reports: int, hours: float, busy: float, expected: dict[str, int]
) -> None:
    found = list(needs(TIMES, reports=reports, hours=hours, busy=busy))

    assert {need.role: need.processes for need in found} == expected
    assert [need.seconds_per_report for need in found] == [12.0, 12.0, 2.0]


def test_service_times_are_those_of_scored_documents(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'state.sqlite'}")
    upgrade(engine)
    clock = Clock()
    fleet = LittleFleet(open_state(engine, clock), clock, batches={"acme.pdf": 3})
    fleet.submit("acme.pdf")
    while units := fleet.claim_all():
        clock.turn(2)  # each round's stage runs take two seconds
        for claimed in units:
            fleet.work(claimed)
    fleet.submit("begun.pdf")
    fleet.run(until="score.document")

    times = fleet.state.service_times(clock.now - timedelta(days=1))

    assert times.documents == 1
    assert times.seconds == {"ingest": (2.0,), "embed": (2.0,) * 3, "index": (2.0,), "score": (2.0,)}
    assert fleet.state.service_times(clock.now + timedelta(days=1)).documents == 0
    engine.dispose()
