"""Embed no text twice: a cache by content before any embedder."""

import hashlib
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from esg.chunk.tokenizer import Tokenizer
from esg.domain import Vectors
from esg.embed.base import Embedder

Vector = NDArray[np.float32]  # one row of Vectors


class EmbeddingCache(Protocol):
    def get(self, keys: Sequence[str]) -> dict[str, Vector]:
        """Give the vectors that are known, by key."""

    def put(self, vectors: Mapping[str, Vector]) -> None:
        """Keep vectors; a key that is there keeps its value."""


def cache_key(embedder_id: str, text: str) -> str:
    """Name a vector by what made it: 64 hexadecimal digits."""
    return hashlib.sha256(f"{embedder_id}\n{text}".encode()).hexdigest()


class CachedEmbedder:
    """An embedder that asks its cache first; `hits` and `misses` count texts since it was made."""

    def __init__(self, embedder: Embedder, cache: EmbeddingCache) -> None:
        self._embedder = embedder
        self._cache = cache
        self._lock = Lock()
        self.hits = 0
        self.misses = 0

    @property
    def id(self) -> str:
        return self._embedder.id

    @property
    def dimensions(self) -> int:
        return self._embedder.dimensions

    @property
    def max_tokens(self) -> int:
        return self._embedder.max_tokens

    @property
    def tokenizer(self) -> Tokenizer:
        return self._embedder.tokenizer

    def warm_up(self) -> None:
        """Load the model now; a text that the cache knows would not."""
        self._embedder.embed(["warm"])

    def embed(self, texts: Sequence[str]) -> Vectors:
        keys = [cache_key(self.id, text) for text in texts]
        known = self._cache.get(list(dict.fromkeys(keys)))
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        self._count(hits=len(texts) - len(missing), misses=len(missing))
        if missing:
            fresh = dict(zip(missing, self._embedder.embed(list(missing.values())), strict=True))
            self._cache.put(fresh)
            known |= fresh
        return np.array([known[key] for key in keys], np.float32).reshape(len(keys), self.dimensions)

    def _count(self, *, hits: int, misses: int) -> None:
        with self._lock:
            self.hits += hits
            self.misses += misses
