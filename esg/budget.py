"""What a paid service may cost: estimated before a request, settled after it, stopped when a budget is spent.

Money is counted in millionths of a US dollar, whole numbers, so that sums are exact.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from esg.errors import BudgetSpent

BYTES_PER_TOKEN = 3  # fewer than any Latin text has on average (about 4): estimates err upwards
MICROS = 1_000_000

_run: ContextVar[str] = ContextVar("esg_watsonx_run", default="")


@contextmanager
def on_behalf_of(run: str) -> Iterator[None]:
    """Let requests of this block count towards the budget of `run`."""
    token = _run.set(run)
    try:
        yield
    finally:
        _run.reset(token)


def run_of(document_id: str, pipeline_version: str) -> str:
    """Name whose budget a document's requests are paid from: its own, in each version of the pipeline."""
    return f"{document_id}@{pipeline_version}"


def estimate_tokens(text: str) -> int:
    return len(text.encode()) // BYTES_PER_TOKEN + 2


@dataclass(frozen=True, slots=True)
class Prices:
    """US dollars per million tokens, as the plan says."""

    read: float
    written: float = 0.0

    def micros(self, *, read: int, written: int = 0) -> int:
        """What it costs, in millionths; nothing that has a price is free."""
        return math.ceil(read * self.read + written * self.written)


@dataclass(frozen=True, slots=True)
class Spend:
    """What one request cost or may cost, and on whose behalf it was made; `day` is of UTC."""

    day: str
    run: str
    model: str
    read: int
    written: int
    micros: int


class Ledger(Protocol):
    """Who remembers what was spent, across processes, restarts and lost brokers."""

    def reserve(self, spend: Spend, *, run_micros: int | None, day_micros: int | None) -> str:
        """Add an estimate, atomically; give "run" or "day" where that budget has no room, and add nothing."""

    def settle(self, estimate: Spend, actual: Spend) -> None:
        """Put what was spent in the place of its estimate."""


class Unkept:
    """A ledger of nothing, where no budget is set and nobody asks."""

    def reserve(self, spend: Spend, *, run_micros: int | None, day_micros: int | None) -> str:
        del spend, run_micros, day_micros
        return ""

    def settle(self, estimate: Spend, actual: Spend) -> None:
        del estimate, actual


@dataclass(frozen=True, slots=True)
class Budgets:
    """The ledger and how much may be in it, in US dollars; None is no limit."""

    ledger: Ledger
    run_usd: float | None = None
    day_usd: float | None = None

    def reserve(self, model: str, prices: Prices, *, read: int, written: int = 0) -> Spend:
        """Take an estimate from the budgets; raises BudgetSpent."""
        now = datetime.now(UTC)
        micros = prices.micros(read=read, written=written)
        spend = Spend(now.date().isoformat(), _run.get(), model, read, written, micros)
        if read or written:
            over = self.ledger.reserve(
                spend,
                run_micros=_micros(self.run_usd) if spend.run else None,
                day_micros=_micros(self.day_usd),
            )
            if over:
                raise self._spent(over, now)
        return spend

    def _spent(self, over: str, now: datetime) -> BudgetSpent:
        if over == "run":
            return BudgetSpent(
                f"This document's budget for watsonx.ai, {self.run_usd:.2f} USD, is spent.",
                next_step="Raise ESG_WATSONX_RUN_BUDGET_USD and submit it again.",
            )
        midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), UTC)
        return BudgetSpent(
            f"Today's budget for watsonx.ai, {self.day_usd:.2f} USD, is spent.",
            next_step="Wait until 00:00 UTC, or raise ESG_WATSONX_DAY_BUDGET_USD.",
            retry_after_seconds=(midnight - now).total_seconds(),
        )


def _micros(usd: float | None) -> int | None:
    return None if usd is None else round(usd * MICROS)
