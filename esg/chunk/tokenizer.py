"""What the chunker must know of an embedder: where its tokens lie."""

from typing import Protocol

RESERVED_TOKENS = 2  # the markers a model of the BERT family sets before and after a text


class Tokenizer(Protocol):
    def offsets(self, text: str) -> list[tuple[int, int]]:
        """Give (start, end) of every token in code points, without the model's own markers."""
