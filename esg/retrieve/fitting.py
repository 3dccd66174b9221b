"""texts of any length -> vectors: unlike a chunk, a question or a sentence that is too long is cut."""

from collections.abc import Sequence

from esg.chunk.tokenizer import RESERVED_TOKENS, Tokenizer
from esg.domain import Vectors
from esg.embed import Embedder


def embed_fitting(texts: Sequence[str], embedder: Embedder) -> Vectors:
    """Embed what the model takes of each text."""
    limit = embedder.max_tokens - RESERVED_TOKENS
    return embedder.embed([_fitting(text, embedder.tokenizer, limit) for text in texts])


def _fitting(text: str, tokenizer: Tokenizer, limit: int) -> str:
    """Leave off what comes after the last token that fits."""
    if len(text) <= limit:  # a token has a letter at least
        return text
    offsets = tokenizer.offsets(text)
    return text if len(offsets) <= limit else text[: offsets[limit - 1][1]]
