"""What a judge needs of a language model, and of the place where its answers are kept."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class Answer(Protocol):
    """A model's answer: `content` is JSON that keeps the schema it was asked with."""

    @property
    def content(self) -> Any: ...

    @property
    def model(self) -> str: ...

    @property
    def prompt_tokens(self) -> int: ...

    @property
    def completion_tokens(self) -> int: ...


class Chat(Protocol):
    def chat(
        self,
        messages: Sequence[Mapping[str, str]],
        *,
        model: str,
        schema: Mapping[str, Any],
        max_tokens: int,
    ) -> Answer:
        """Ask; raises Transient for a model that does not answer, Misconfigured for one that refuses us."""


class Kept(Protocol):
    """Where answers rest, by who gave them and the hash of all that was asked: a model may say two things."""

    def find(self, judge: str, asked: str) -> bytes | None:
        """Give the answer that was kept, or None."""

    def keep(self, judge: str, asked: str, data: bytes) -> bytes:
        """Keep an answer unless there is one, and give the one that is there then."""
