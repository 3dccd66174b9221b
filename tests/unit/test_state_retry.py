"""Again, or never again."""

from datetime import UTC, datetime, timedelta

import pytest

from esg.errors import Misconfigured, Rejected, Transient, Unavailable
from esg.state.retry import (
    Budget,
    Decision,
    Failure,
    Kind,
    Past,
    Quarantine,
    Retry,
    classify,
    decide,
    lost_worker,
)

NOW = datetime(2026, 11, 22, tzinfo=UTC)
BUDGET = Budget(max_retries=3, max_lost_workers=3, base_seconds=2.0, outage_seconds=3600.0)


def decide_now(
    kind: Kind, *, retries: int = 0, lost: int = 0, jitter: float = 0.5, after: float | None = None
) -> Decision:
    failure = Failure(kind, "code", "It failed.", after)
    return decide(failure, Past(retries, lost), budget=BUDGET, now=NOW, jitter=jitter)


def delay(decision: object) -> float:
    assert isinstance(decision, Retry)
    return (decision.not_before - NOW).total_seconds()


@pytest.mark.parametrize(
    ("error", "kind", "code", "message"),
    [
        (Rejected("Locked.", code="lock", next_step="Open it."), Kind.REJECTED, "lock", "Locked. Open it."),
        (Transient("Busy."), Kind.TRANSIENT, "transient", "Busy."),
        (Unavailable("Away."), Kind.OUTAGE, "unavailable", "Away."),
        (Misconfigured("No key."), Kind.BUG, "misconfigured", "No key."),
        (KeyError("x"), Kind.BUG, "bug", "The engine failed: KeyError: 'x'"),
        (MemoryError(), Kind.BUG, "bug", "The engine failed: MemoryError"),
    ],
)  # fmt: skip
def test_an_error_is_named_by_its_kind(error: Exception, kind: Kind, code: str, message: str) -> None:
    assert classify(error) == Failure(kind, code, message)


def test_a_server_that_asks_for_patience_is_heard() -> None:
    assert classify(Transient("Busy.", retry_after_seconds=7)).retry_after_seconds == 7


@pytest.mark.parametrize(("retries", "ceiling"), [(0, 2.0), (1, 4.0), (2, 8.0)])
def test_the_delay_is_drawn_below_a_ceiling_that_doubles(retries: int, ceiling: float) -> None:
    assert delay(decide_now(Kind.TRANSIENT, retries=retries, jitter=0.0)) == 0
    assert delay(decide_now(Kind.TRANSIENT, retries=retries, jitter=0.5)) == ceiling / 2
    assert delay(decide_now(Kind.TRANSIENT, retries=retries, jitter=0.999)) < ceiling


def test_the_delay_never_passes_five_minutes() -> None:
    generous = Budget(max_retries=10_000)
    failure = Failure(Kind.TRANSIENT, "transient", "Busy.")

    decision = decide(failure, Past(retries=5000), budget=generous, now=NOW, jitter=1.0)

    assert delay(decision) == 300


@pytest.mark.parametrize(("asked", "waited"), [(120, 121), (10**9, 3601)])
def test_what_a_server_asks_for_is_added_up_to_an_hour(asked: float, waited: float) -> None:
    assert delay(decide_now(Kind.TRANSIENT, after=asked)) == waited


@pytest.mark.parametrize(
    ("kind", "retries", "lost", "expected"),
    [
        (Kind.TRANSIENT, 2, 0, Retry),
        (Kind.TRANSIENT, 3, 0, "exhausted"),
        (Kind.BUG, 0, 0, Retry),
        (Kind.BUG, 1, 0, "code"),
        (Kind.REJECTED, 0, 0, "code"),
        (Kind.LOST, 0, 0, Retry),
        (Kind.LOST, 9, 1, Retry),
        (Kind.LOST, 0, 2, "poison"),
    ],
)
def test_budgets_end(kind: Kind, retries: int, lost: int, expected: object) -> None:
    decision = decide_now(kind, retries=retries, lost=lost)

    if expected is Retry:
        assert isinstance(decision, Retry)
    else:
        assert isinstance(decision, Quarantine)
        assert decision.code == expected
        assert decision.is_rejected == (kind is Kind.REJECTED)


def in_outage(*, passed: float, jitter: float = 0.999, after: float | None = None) -> Decision:
    failure = Failure(Kind.OUTAGE, "unavailable", "Away.", after)
    past = Past(retries=3, away_since=NOW - timedelta(seconds=passed))
    return decide(failure, past, budget=BUDGET, now=NOW, jitter=jitter)


@pytest.mark.parametrize(("passed", "ceiling"), [(0, 2.0), (1, 2.0), (20, 20.0), (3599, 60.0)])
def test_an_outage_is_waited_for_the_longer_it_lasts(passed: float, ceiling: float) -> None:
    assert delay(in_outage(passed=passed, jitter=0.0)) == 0
    assert ceiling / 2 < delay(in_outage(passed=passed)) < ceiling
    assert delay(in_outage(passed=passed, jitter=0.0, after=7)) == 7


def test_an_outage_ends_some_time() -> None:
    decision = in_outage(passed=3600)

    assert decision == Quarantine(is_rejected=False, code="exhausted", message="Gave up after 3600 s: Away.")


def test_a_budget_of_nothing_retries_nothing() -> None:
    failure = Failure(Kind.BUG, "bug", "It failed.")
    decision = decide(failure, Past(), budget=Budget(max_retries=0), now=NOW, jitter=0.5)

    assert isinstance(decision, Quarantine)


def test_a_lost_worker_is_replaced_at_once() -> None:
    failure = lost_worker("embed@host:7", "embed")

    assert decide(failure, Past(), budget=BUDGET, now=NOW, jitter=0.9) == Retry(NOW)
    assert failure.message == "The worker embed@host:7 went silent at stage embed."


def test_a_poisonous_document_says_how_many_died() -> None:
    decision = decide(lost_worker("w", "ingest"), Past(lost=2), budget=BUDGET, now=NOW, jitter=0.0)

    assert isinstance(decision, Quarantine)
    assert decision.message.startswith("3 workers died over it")


def test_a_retry_is_a_moment_in_utc() -> None:
    decision = decide_now(Kind.TRANSIENT)

    assert isinstance(decision, Retry)
    assert decision.not_before.utcoffset() == timedelta(0)
