"""What the session promises to whoever is handed it; the class that keeps it needs the SDK."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from esg.domain import Vectors
from esg.watsonx.answers import Answer


class Session(Protocol):
    """Raises Transient, BudgetSpent, Misconfigured or Rejected (see `esg.watsonx.session.Watsonx`)."""

    def embed(self, texts: Sequence[str], *, model: str, dimensions: int) -> Vectors:
        """Give one finite row of `dimensions` per text, of the model's own length: one request for all."""

    def chat(
        self,
        messages: Sequence[Mapping[str, str]],
        *,
        model: str,
        schema: Mapping[str, Any],
        max_tokens: int,
    ) -> Answer:
        """Give the model's JSON answer, which keeps to `schema`; temperature 0, always the same seed."""

    def rerank(self, query: str, texts: Sequence[str], *, model: str) -> list[float]:
        """Give how well each text answers the query, in the order of the texts; larger is better."""

    def models(self) -> list[str]:
        """List the models that the account's region has."""
