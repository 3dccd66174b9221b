"""texts -> vectors by a model that watsonx.ai serves (Slate, Granite).

Tokens are counted here, by WordPiece (Devlin et al. 2019), since the service's endpoint for it would cost a
request per text. The models have other vocabularies (byte-pair and unigram pieces), so a count is a measure
with a margin, not theirs: they take 512 tokens and a text may have `max_tokens`, 256 unless set otherwise,
of ours, and every character beyond ASCII counts as one, so that no unknown word hides its length. And no text
can be cut without notice, whatever the count: truncation is never asked for, so the service refuses what is
too long (`Rejected`, with the setting to lower).
"""

import itertools
from collections.abc import Callable, Sequence

import numpy as np

from esg.budget import estimate_tokens
from esg.domain import Vectors
from esg.embed.unit import unit
from esg.embed.wordpiece import WordPieceTokenizer
from esg.errors import BudgetSpent, Rejected
from esg.watsonx import Session

MAX_INPUTS = 1000  # of one request
MAX_REQUEST_TOKENS = 50_000  # estimated: a request that fails is made again whole


class CharacterWordPiece:
    """WordPiece whose tokens with characters beyond ASCII are counted by character."""

    def __init__(self) -> None:
        self._pieces = WordPieceTokenizer()

    def offsets(self, text: str) -> list[tuple[int, int]]:
        return [part for place in self._pieces.offsets(text) for part in _parts(text, *place)]


class WatsonxEmbedder:
    """Opened for nothing; the session is opened by the first text."""

    def __init__(
        self, session: Callable[[], Session], *, model: str, dimensions: int, max_tokens: int = 256
    ) -> None:
        self.id = f"watsonx:{model}-{dimensions}"
        self.dimensions = dimensions
        self.max_tokens = max_tokens
        self.tokenizer = CharacterWordPiece()
        self._session = session
        self._model = model

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Raises what the session raises; a spent budget of this document's is Rejected, since vectors of
        another model cannot stand in."""
        for text in texts:
            self._check(text)
        rows = np.zeros((len(texts), self.dimensions), np.float32)
        said = [i for i, text in enumerate(texts) if text.strip()]  # the service takes no blank text
        try:
            for batch in _batches([texts[i] for i in said]):
                places, said = said[: len(batch)], said[len(batch) :]
                rows[places] = self._ask(batch)
        except BudgetSpent as spent:
            if spent.retry_after_seconds is None:
                raise Rejected(spent.message, code="budget_spent", next_step=spent.next_step) from spent
            raise
        return unit(rows)

    def _ask(self, texts: Sequence[str]) -> Vectors:
        try:
            return self._session().embed(texts, model=self._model, dimensions=self.dimensions)
        except Rejected as refused:
            refused.next_step = "If a text was too long for the model, lower ESG_WATSONX_MAX_TOKENS."
            raise

    def _check(self, text: str) -> None:
        count = len(self.tokenizer.offsets(text)) + 2  # the markers before and after it
        if count > self.max_tokens:
            raise ValueError(f"a text of {count} tokens; {self.id} takes {self.max_tokens}")


def _parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    if text[start:end].isascii():
        return [(start, end)]
    return [(i, i + 1) for i in range(start, end)]


def _batches(texts: Sequence[str]) -> list[Sequence[str]]:
    """Part the texts into what one request may hold; a text that is large by itself goes alone."""
    ends, tokens = [0], 0
    for i, text in enumerate(texts):
        tokens += estimate_tokens(text)
        if i - ends[-1] >= MAX_INPUTS or (tokens > MAX_REQUEST_TOKENS and i > ends[-1]):
            ends.append(i)
            tokens = estimate_tokens(text)
    return [texts[a:b] for a, b in itertools.pairwise([*ends, len(texts)]) if b > a]
