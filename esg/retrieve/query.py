"""queries -> vectors: unlike a chunk, a question that is too long is cut."""

from collections.abc import Sequence

from esg.chunk.tokenizer import RESERVED_TOKENS, Tokenizer
from esg.domain import Vectors
from esg.embed import Embedder


def embed_queries(queries: Sequence[str], embedder: Embedder) -> Vectors:
    limit = embedder.max_tokens - RESERVED_TOKENS
    return embedder.embed([_fitting(query, embedder.tokenizer, limit) for query in queries])


def _fitting(query: str, tokenizer: Tokenizer, limit: int) -> str:
    """Leave off what comes after the last token that fits."""
    if len(query) <= limit:  # a token has a letter at least
        return query
    offsets = tokenizer.offsets(query)
    return query if len(offsets) <= limit else query[: offsets[limit - 1][1]]
