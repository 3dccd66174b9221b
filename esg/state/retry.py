"""Again, or never again: decided from values, acted on elsewhere."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from esg.errors import EsgError, Rejected, Transient, Unavailable
from esg.redact import clean

LONGEST_DELAY_SECONDS = 300.0
LONGEST_RETRY_AFTER_SECONDS = 3600.0  # a server may ask for patience, not for a day
LONGEST_OUTAGE_DELAY_SECONDS = 60.0  # what was away is noticed to be back within a minute
MAX_BUG_RETRIES = 1  # a bug is not luck; once more, for what a restarted worker cures


class Kind(StrEnum):
    TRANSIENT = "transient"
    OUTAGE = "outage"  # a server of our own is away
    REJECTED = "rejected"
    LOST = "lost"  # the worker went silent
    BUG = "bug"


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, in words a person understands."""

    kind: Kind
    code: str
    message: str
    retry_after_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    max_retries: int = 6
    max_lost_workers: int = 3
    base_seconds: float = 2.0
    outage_seconds: float = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Retry:
    not_before: datetime


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Set aside as a dead letter; `is_rejected` says whether the document or the engine is to blame."""

    is_rejected: bool
    code: str
    message: str


Decision = Retry | Quarantine


def classify(error: BaseException) -> Failure:
    """Name an error by its kind; what is not an EsgError is a bug."""
    if isinstance(error, Rejected):
        return Failure(Kind.REJECTED, error.code, str(error))
    if isinstance(error, Unavailable):
        return Failure(Kind.OUTAGE, "unavailable", str(error), error.retry_after_seconds)
    if isinstance(error, Transient):
        return Failure(Kind.TRANSIENT, "transient", str(error), error.retry_after_seconds)
    if isinstance(error, EsgError):
        return Failure(Kind.BUG, _snake(type(error).__name__), str(error))
    said = clean(f"{type(error).__name__}: {error}".removesuffix(": "))
    return Failure(Kind.BUG, "bug", f"The engine failed: {said}")


def lost_worker(owner: str, stage: str) -> Failure:
    """What is known when a lease runs out."""
    return Failure(Kind.LOST, "lost", f"The worker {owner} went silent at stage {stage}.")


@dataclass(frozen=True, slots=True)
class Past:
    """What a stage run has been through: failures and deaths, and since when a server is away."""

    retries: int = 0
    lost: int = 0
    away_since: datetime | None = None


def decide(failure: Failure, past: Past, *, budget: Budget, now: datetime, jitter: float) -> Decision:
    """Retry or quarantine; `jitter` is in [0, 1).

    Full jitter: a delay drawn from [0, base · 2^retries) spreads a herd best (AWS Architecture Blog, 2015).
    """
    retries = past.retries
    match failure.kind:
        case Kind.REJECTED:
            return Quarantine(is_rejected=True, code=failure.code, message=failure.message)
        case Kind.LOST:
            return _after_loss(failure, past.lost + 1, budget, now)
        case Kind.OUTAGE:
            return _in_outage(failure, past.away_since or now, budget, now, jitter)
        case Kind.TRANSIENT if retries < budget.max_retries:
            return Retry(now + timedelta(seconds=_delay(failure, retries, budget, jitter)))
        case Kind.TRANSIENT:
            said = f"Gave up after {retries} retries: {failure.message}"
            return Quarantine(is_rejected=False, code="exhausted", message=said)
        case _ if retries < min(MAX_BUG_RETRIES, budget.max_retries):
            return Retry(now + timedelta(seconds=_delay(failure, retries, budget, jitter)))
        case _:
            return Quarantine(is_rejected=False, code=failure.code, message=failure.message)


def _after_loss(failure: Failure, lost: int, budget: Budget, now: datetime) -> Decision:
    if lost < budget.max_lost_workers:
        return Retry(now)
    said = f"{lost} workers died over it, so it was set aside: {failure.message}"
    return Quarantine(is_rejected=False, code="poison", message=said)


def _in_outage(failure: Failure, since: datetime, budget: Budget, now: datetime, jitter: float) -> Decision:
    """Ask again, the later the longer it has been away; it counts against no document's retries."""
    passed = (now - since).total_seconds()
    if passed >= budget.outage_seconds:
        said = f"Gave up after {passed:.0f} s: {failure.message}"
        return Quarantine(is_rejected=False, code="exhausted", message=said)
    ceiling = min(LONGEST_OUTAGE_DELAY_SECONDS, max(budget.base_seconds, passed))
    return Retry(now + timedelta(seconds=_asked(failure) + ceiling * jitter))


def _delay(failure: Failure, retries: int, budget: Budget, jitter: float) -> float:
    ceiling = min(LONGEST_DELAY_SECONDS, budget.base_seconds * 2.0 ** min(retries, 30))
    return _asked(failure) + ceiling * jitter


def _asked(failure: Failure) -> float:
    """What the server itself asked for, in seconds."""
    return min(failure.retry_after_seconds or 0.0, LONGEST_RETRY_AFTER_SECONDS)


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
