"""One call: attempts, each with its turn, its budget and its end, until an answer holds or patience ends."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from ibm_watsonx_ai import APIClient

from esg.budget import Budgets, Prices, Spend
from esg.errors import EsgError, Misconfigured, Transient
from esg.tally import Tally
from esg.watsonx.client import Clients
from esg.watsonx.failures import translated
from esg.watsonx.limiter import Limiter
from esg.watsonx.outcomes import Again, TokenRefused
from esg.watsonx.patience import Patience
from esg.watsonx.transport import AttemptEnd

FREE = Prices(0.0)
LONGEST_PAUSE_SECONDS = 300.0  # of all workers; one that is told to wait for longer does so by itself

Result = TypeVar("Result")
Read = tuple[Result, int, int]  # the result, tokens read and written by the model


@dataclass(frozen=True, slots=True)
class Call(Generic[Result]):
    """What is asked: `ask` makes one request, `read` holds its answer to what was asked."""

    operation: str
    model: str
    ask: Callable[[APIClient], Any]
    read: Callable[[Any], Read[Result]]
    tokens: int = 0  # estimates of what the model will read and write
    answer_tokens: int = 0


class Caller:
    """Makes calls; safe to share between threads."""

    def __init__(
        self,
        clients: Clients,
        end: AttemptEnd,
        *,
        limiter: Limiter,
        budgets: Budgets,
        prices: Mapping[str, Prices],
        patience: Patience,
        tally: Tally,
    ) -> None:
        self._clients = clients
        self._end = end
        self._limiter = limiter
        self._budgets = budgets
        self._prices = prices
        self._patience = patience
        self._tally = tally

    def do(self, call: Call[Result]) -> Result:
        """Ask until an answer holds; a token that is refused is renewed once."""
        started, attempt, is_renewed = time.monotonic(), 0, False
        while True:
            attempt += 1
            self._take_turn(call, self._patience.seconds - (time.monotonic() - started))
            try:
                return self._attempt(call)
            except TokenRefused as refused:
                if is_renewed:
                    raise _refused() from refused
                is_renewed = True
            except Again as failure:
                self._wait(failure, attempt, time.monotonic() - started)

    def _wait(self, failure: Again, attempt: int, passed: float) -> None:
        """Wait as long as the service or our patience says; raises EsgError where that is too long."""
        if failure.after_seconds:
            self._limiter.pause(min(failure.after_seconds, LONGEST_PAUSE_SECONDS))
        wait = self._patience.wait_seconds(attempt, asked=failure.after_seconds, passed=passed)
        if wait is None:
            raise self._given_up(failure, attempt) from failure
        time.sleep(wait)

    def _given_up(self, failure: Again, attempt: int) -> EsgError:
        said = f"watsonx.ai did not do it, asked {attempt} of {self._patience.attempts} times: {failure}."
        if failure.next_step:
            return Misconfigured(said, next_step=failure.next_step)
        return Transient(
            said,
            next_step="See https://cloud.ibm.com/status, and `esg doctor`.",
            retry_after_seconds=failure.after_seconds,
        )

    def _attempt(self, call: Call[Result]) -> Result:
        prices = self._prices.get(call.model, FREE)
        reserved = self._budgets.reserve(call.model, prices, read=call.tokens, written=call.answer_tokens)
        started, outcome = time.monotonic(), "error"
        actual = replace(reserved, read=0, written=0, micros=0)
        try:
            result, read, written = self._request(call)
            outcome = "ok"
            actual = replace(
                reserved, read=read, written=written, micros=prices.micros(read=read, written=written)
            )
            return result
        except TokenRefused:
            outcome = "unauthorised"
            raise
        except Again as failure:
            outcome = failure.outcome
            actual = reserved if failure.may_be_billed else actual
            raise
        finally:
            self._tally.add_request(call.operation, outcome, time.monotonic() - started)
            self._settle(call, reserved, actual)

    def _take_turn(self, call: Call[Result], within_seconds: float) -> None:
        started = time.monotonic()
        self._limiter.acquire(call.tokens + call.answer_tokens, within_seconds=max(0.0, within_seconds))
        self._tally.add_waited(time.monotonic() - started)

    def _request(self, call: Call[Result]) -> Read[Result]:
        with self._end.within(self._patience.attempt_seconds):
            with translated(call.model):
                client = self._clients.client()
            try:
                with translated(call.model):
                    return call.read(call.ask(client))
            except TokenRefused:
                self._clients.renew(client)
                raise

    def _settle(self, call: Call[Result], reserved: Spend, actual: Spend) -> None:
        self._tally.add_tokens(call.operation, read=actual.read, written=actual.written)
        if actual != reserved:
            self._budgets.ledger.settle(reserved, actual)


def _refused() -> Misconfigured:
    return Misconfigured(
        "watsonx.ai refuses the token that IBM Cloud has just given for the API key.",
        next_step="Check that IBM_WATSONX_API_KEY belongs to the account of IBM_WATSONX_PROJECT_ID.",
    )
