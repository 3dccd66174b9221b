"""texts -> vectors: what every embedding provider promises."""

from collections.abc import Sequence
from typing import Protocol

from esg.chunk.tokenizer import Tokenizer
from esg.domain import Vectors


class Embedder(Protocol):
    @property
    def id(self) -> str:
        """Name everything a vector depends on besides its text: model, weights and engine."""

    @property
    def dimensions(self) -> int: ...

    @property
    def max_tokens(self) -> int:
        """Tokens a text may have, the model's own markers included."""

    @property
    def tokenizer(self) -> Tokenizer: ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Give one unit row per text, the same whatever its neighbours; ValueError if a text is too long."""
