"""A real embedder of the smallest kind, from outside the house: how often each of 26 letters occurs."""

import re
from collections.abc import Sequence

import numpy as np

from esg.domain import Vectors
from esg.embed import Embedder
from esg.embed.unit import unit
from esg.settings import Settings


def open_letters(settings: Settings) -> Embedder:
    del settings
    return LetterEmbedder()


class Characters:
    """Every character that is no blank is a token: no text has more of them for any embedder."""

    def offsets(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in re.finditer(r"\S", text)]


class LetterEmbedder:
    id = "letters"
    dimensions = 26
    max_tokens = 200  # fewer than a chunk usually has, so that chunks must heed it
    tokenizer = Characters()

    def embed(self, texts: Sequence[str]) -> Vectors:
        if any(len(self.tokenizer.offsets(text)) + 2 > self.max_tokens for text in texts):
            raise ValueError(f"a text is longer than {self.max_tokens} tokens")
        counts = [[text.lower().count(chr(97 + i)) for i in range(self.dimensions)] for text in texts]
        return unit(np.array(counts, np.float64).reshape(len(texts), self.dimensions))
