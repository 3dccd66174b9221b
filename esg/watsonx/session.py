"""texts → vectors, messages → JSON, query and texts → scores: all that is asked of watsonx.ai."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from ibm_watsonx_ai import APIClient
from ibm_watsonx_ai.foundation_models import Embeddings, ModelInference, Rerank

from esg.budget import Budgets, Prices, Spend, Unkept, estimate_tokens
from esg.domain import Vectors
from esg.errors import EsgError, Misconfigured, Transient
from esg.tally import Tally
from esg.watsonx import answers
from esg.watsonx.account import Account
from esg.watsonx.answers import Answer
from esg.watsonx.client import Clients
from esg.watsonx.failures import translated
from esg.watsonx.limiter import Limiter, ProcessLimiter, Rates
from esg.watsonx.outcomes import Again, TokenRefused
from esg.watsonx.patience import Patience
from esg.watsonx.transport import AttemptEnd, Through

SEED = 20_240_601  # any number, always the same: the service repeats itself as far as it can
FREE = Prices(0.0)
LONGEST_PAUSE_SECONDS = 300.0  # of all workers; one that is told to wait for longer does so by itself
Result = TypeVar("Result")
Read = tuple[Result, int, int]  # the result, tokens read and written by the model
Ask = Callable[[APIClient], Any]


class Watsonx:
    """The one session: safe to share between threads; after a fork each process talks on its own.

    Every method makes one HTTP request per attempt and raises Transient (with `retry_after_seconds`) when
    its attempts or its time are used up, BudgetSpent when a budget is, Misconfigured for a key, project,
    model or certificate that is refused, Rejected for a request that the service will never take.
    """

    def __init__(
        self,
        account: Account,
        *,
        limiter: Limiter | None = None,
        budgets: Budgets | None = None,
        prices: Mapping[str, Prices] | None = None,
        patience: Patience | None = None,
        tally: Tally | None = None,
        through: Through | None = None,
    ) -> None:
        """`prices` are by model; a model without a price costs nothing. All requests go `through` it."""
        self._end = AttemptEnd()
        self._clients = Clients(account, self._end, through)
        self._limiter = limiter or ProcessLimiter(Rates())
        self._budgets = budgets or Budgets(Unkept())
        self._prices = prices or {}
        self._patience = patience or Patience()
        self._tally = tally or Tally()

    def embed(self, texts: Sequence[str], *, model: str, dimensions: int) -> Vectors:
        """Give one finite row of `dimensions` per text, of the model's own length: one request for all."""
        if not texts:
            return np.empty((0, dimensions), np.float32)

        def ask(client: APIClient) -> Any:
            return Embeddings(model_id=model, api_client=client, max_retries=0).generate(list(texts))

        def read(said: Any) -> Read[Vectors]:
            rows = answers.vectors(said, count=len(texts), dimensions=dimensions)
            return rows.astype(np.float32), answers.input_tokens(said), 0

        return self._call("embed", model, ask, read, estimate=(sum(map(estimate_tokens, texts)), 0))

    def chat(
        self,
        messages: Sequence[Mapping[str, str]],
        *,
        model: str,
        schema: Mapping[str, Any],
        max_tokens: int,
    ) -> Answer:
        """Give the model's JSON answer, which keeps to `schema`; temperature 0, always the same seed."""
        parameters = {
            "temperature": 0,
            "seed": SEED,
            "max_tokens": max_tokens,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "answer", "schema": dict(schema), "strict": True},
            },
        }

        def ask(client: APIClient) -> Any:
            inference = ModelInference(model_id=model, api_client=client, validate=False, max_retries=0)
            return inference.chat([dict(message) for message in messages], params=dict(parameters))

        def read(said: Any) -> Read[Answer]:
            answer = answers.answer(said, model=model, schema=schema)
            return answer, answer.prompt_tokens, answer.completion_tokens

        prompt = sum(estimate_tokens(message["content"]) for message in messages)
        return self._call("chat", model, ask, read, estimate=(prompt, max_tokens))

    def rerank(self, query: str, texts: Sequence[str], *, model: str) -> list[float]:
        """Give how well each text answers the query, in the order of the texts; larger is better."""
        if not texts:
            return []

        def ask(client: APIClient) -> Any:
            return Rerank(model_id=model, api_client=client).generate(query, list(texts))

        def read(said: Any) -> Read[list[float]]:
            return answers.scores(said, count=len(texts)), answers.input_tokens(said), 0

        tokens = sum(map(estimate_tokens, (query, *texts)))
        return self._call("rerank", model, ask, read, estimate=(tokens, 0))

    def models(self) -> list[str]:
        """List the models that the account's region has."""

        def ask(client: APIClient) -> Any:
            return client.foundation_models.get_model_specs()

        def read(said: Any) -> Read[list[str]]:
            return sorted(str(spec["model_id"]) for spec in said["resources"]), 0, 0

        return self._call("models", "", ask, read, estimate=(0, 0))

    def close(self) -> None:
        """Close this process's connections."""
        self._clients.close()

    # -- one call: attempts, each with its turn, its budget and its end

    def _call(
        self,
        operation: str,
        model: str,
        ask: Ask,
        read: Callable[[Any], Read[Result]],
        *,
        estimate: tuple[int, int],
    ) -> Result:
        started, attempt, is_renewed = time.monotonic(), 0, False
        while True:
            attempt += 1
            try:
                return self._attempt(operation, model, ask, read, estimate)
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

    def _attempt(
        self,
        operation: str,
        model: str,
        ask: Ask,
        read: Callable[[Any], Read[Result]],
        estimate: tuple[int, int],
    ) -> Result:
        prices = self._prices.get(model, FREE)
        waited = time.monotonic()
        self._limiter.acquire(sum(estimate), within_seconds=self._patience.seconds)
        started = time.monotonic()
        self._tally.add_waited(started - waited)
        reserved = self._budgets.reserve(model, prices, read=estimate[0], written=estimate[1])
        outcome, actual = "error", replace(reserved, read=0, written=0, micros=0)
        try:
            result, tokens_read, tokens_written = self._request(model, ask, read)
            micros = prices.micros(read=tokens_read, written=tokens_written)
            outcome = "ok"
            actual = replace(reserved, read=tokens_read, written=tokens_written, micros=micros)
            return result
        except TokenRefused:
            outcome = "unauthorised"
            raise
        except Again as failure:
            outcome = failure.outcome
            actual = reserved if failure.may_be_billed else actual
            raise
        finally:
            self._settle(operation, outcome, reserved, actual, time.monotonic() - started)

    def _request(self, model: str, ask: Ask, read: Callable[[Any], Read[Result]]) -> Read[Result]:
        with self._end.within(self._patience.attempt_seconds):
            with translated(model):
                client = self._clients.client()
            try:
                with translated(model):
                    return read(ask(client))
            except TokenRefused:
                self._clients.renew(client)
                raise

    def _settle(self, operation: str, outcome: str, reserved: Spend, actual: Spend, seconds: float) -> None:
        self._tally.add_request(operation, outcome, seconds)
        self._tally.add_tokens(operation, read=actual.read, written=actual.written)
        if actual != reserved:
            self._budgets.ledger.settle(reserved, actual)


def _refused() -> Misconfigured:
    return Misconfigured(
        "watsonx.ai refuses the token that IBM Cloud has just given for the API key.",
        next_step="Check that IBM_WATSONX_API_KEY belongs to the account of IBM_WATSONX_PROJECT_ID.",
    )
