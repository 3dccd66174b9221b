"""texts → vectors, messages → JSON, query and texts → scores: all that is asked of watsonx.ai."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from ibm_watsonx_ai import APIClient
from ibm_watsonx_ai.foundation_models import Embeddings, ModelInference, Rerank

from esg.budget import Budgets, Prices, Unkept, estimate_tokens
from esg.domain import Vectors
from esg.tally import Tally
from esg.watsonx import answers
from esg.watsonx.account import Account
from esg.watsonx.answers import Answer
from esg.watsonx.calls import Call, Caller, Read
from esg.watsonx.client import Clients
from esg.watsonx.limiter import Limiter, ProcessLimiter, Rates
from esg.watsonx.patience import Patience
from esg.watsonx.transport import AttemptEnd, Through

SEED = 20_240_601  # any number, always the same: the service repeats itself as far as it can
MODELS = 200  # that are listed at most


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
        end = AttemptEnd()
        self._clients = Clients(account, end, through)
        self._caller = Caller(
            self._clients,
            end,
            limiter=limiter or ProcessLimiter(Rates()),
            budgets=budgets or Budgets(Unkept()),
            prices=prices or {},
            patience=patience or Patience(),
            tally=tally or Tally(),
        )

    def embed(self, texts: Sequence[str], *, model: str, dimensions: int) -> Vectors:
        """Give one finite row of `dimensions` per text, of the model's own length: one request for all."""
        if not texts:
            return np.empty((0, dimensions), np.float32)

        def ask(client: APIClient) -> Any:
            return Embeddings(model_id=model, api_client=client, max_retries=0).generate(list(texts))

        def read(said: Any) -> Read[Vectors]:
            rows = answers.vectors(said, count=len(texts), dimensions=dimensions)
            return rows.astype(np.float32), answers.input_tokens(said), 0

        return self._caller.do(Call("embed", model, ask, read, sum(map(estimate_tokens, texts))))

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

        tokens = sum(estimate_tokens(message["content"]) for message in messages)
        return self._caller.do(Call("chat", model, ask, read, tokens, max_tokens))

    def rerank(self, query: str, texts: Sequence[str], *, model: str) -> list[float]:
        """Give how well each text answers the query, in the order of the texts; larger is better."""
        if not texts:
            return []

        def ask(client: APIClient) -> Any:
            return Rerank(model_id=model, api_client=client).generate(query, list(texts))

        def read(said: Any) -> Read[list[float]]:
            return answers.scores(said, count=len(texts)), answers.input_tokens(said), 0

        tokens = sum(map(estimate_tokens, (query, *texts)))
        return self._caller.do(Call("rerank", model, ask, read, tokens))

    def models(self) -> list[str]:
        """List the models that the account's region has; the key is checked on the way."""

        def ask(client: APIClient) -> Any:
            return client.foundation_models.get_model_specs(limit=MODELS)

        def read(said: Any) -> Read[list[str]]:
            return sorted(str(spec["model_id"]) for spec in said["resources"]), 0, 0

        return self._caller.do(Call("models", "", ask, read))

    def close(self) -> None:
        """Close this process's connections."""
        self._clients.close()
