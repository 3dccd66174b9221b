"""The state's pure parts: what is due, how long it takes, what things are called."""

import pickle

import pytest

from esg.state import Unit, queue_of, slug
from esg.state.eta import Crowd, Rates, eta_seconds
from esg.state.flow import Prepared, Stage, due
from esg.state.sweep import is_overdue
from tests.fakes.little_fleet import Clock

RATES = Rates({Stage.INGEST: 4.0, Stage.EMBED: 0.5, Stage.INDEX: 1.0, Stage.SCORE: 2.0}, chunks=100.0)
INGESTED = frozenset({Stage.INGEST})
HALF = Prepared(done=INGESTED, batches=2, batches_done=1, chunks=20, chunks_embedded=10)


@pytest.mark.parametrize(
    ("prepared", "stage"),
    [
        (Prepared(), Stage.INGEST),
        (Prepared(done=INGESTED, batches=0), Stage.INDEX),
        (Prepared(done=INGESTED, batches=2, batches_done=0), Stage.EMBED),
        (HALF, Stage.EMBED),
        (Prepared(done=INGESTED, batches=2, batches_done=2), Stage.INDEX),
        (Prepared(done=INGESTED | {Stage.INDEX}, batches=2, batches_done=2), Stage.SCORE),
    ],
)
def test_what_is_due_follows_from_what_is_there(prepared: Prepared, stage: Stage) -> None:
    assert due(prepared) is stage


@pytest.mark.parametrize(
    ("prepared", "stage", "crowd", "seconds"),
    [
        (Prepared(), Stage.INGEST, Crowd(), 4 + 50 + 1 + 2),
        (HALF, Stage.EMBED, Crowd(), 5 + 1 + 2),
        (HALF, Stage.EMBED, Crowd(runs=1, workers=2), 2.5 + 1 + 2),
        (HALF, Stage.EMBED, Crowd(runs=3, workers=1), (5 + 1 + 2) * 3),
        (HALF, Stage.INDEX, Crowd(), 3),
        (HALF, Stage.SCORE, Crowd(runs=2, workers=4), 2),
    ],
)
def test_the_time_left_is_what_is_left_at_the_measured_rates(
    prepared: Prepared, stage: Stage, crowd: Crowd, seconds: float
) -> None:
    assert eta_seconds(prepared, stage, RATES, crowd) == seconds


def test_without_a_measurement_there_is_no_guess() -> None:
    assert eta_seconds(HALF, Stage.EMBED, Rates({Stage.INDEX: 1.0}), Crowd()) is None
    assert eta_seconds(HALF, Stage.EMBED, Rates({Stage.EMBED: 0.5}), Crowd()) == 5


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Acme", "acme"),
        ("Société Générale S.A.", "societe-generale-s-a"),
        ("  Ørsted A/S ", "ørsted-a-s"),
        ("STRASSE & Söhne", "strasse-sohne"),
        ("日本電気", "日本電気"),
        ("...", ""),
    ],
)
def test_a_company_has_an_address(name: str, expected: str) -> None:
    assert slug(name) == expected
    assert slug(slug(name)) == slug(name)


def test_a_unit_is_named_by_what_it_does() -> None:
    unit = Unit("embed.batch", "d", {"batch": 1}, pipeline_version="p", batch=1)

    assert unit.id == Unit("embed.batch", "d", {}, pipeline_version="p", batch=1, trace="t").id
    others = [
        Unit("index.document", "d", {}, pipeline_version="p", batch=1),
        Unit("embed.batch", "e", {}, pipeline_version="p", batch=1),
        Unit("embed.batch", "d", {}, pipeline_version="q", batch=1),
        Unit("embed.batch", "d", {}, pipeline_version="p", batch=2),
        Unit("embed.batch", "d", {}, pipeline_version="p", batch=1, rubric="r"),
    ]
    assert len({unit.id, *(other.id for other in others)}) == 6


def test_the_queue_is_the_word_before_the_dot() -> None:
    assert queue_of("score.document") == "score"


@pytest.mark.parametrize(
    ("hints", "seconds", "expected"),
    [(0, 29, False), (0, 30, True), (1, 59, False), (1, 60, True), (5, 960, True), (50, 960, True)],
)
def test_a_hint_is_given_time_that_doubles(hints: int, seconds: float, expected: bool) -> None:
    clock = Clock()
    hinted_at = clock.now
    clock.turn(seconds)

    assert is_overdue(hinted_at, hints, after_seconds=30, now=clock.now) is expected


def test_values_may_cross_processes() -> None:
    unit = Unit("etl.gold", "today", {"day": 1})

    assert pickle.loads(pickle.dumps(unit)) == unit
