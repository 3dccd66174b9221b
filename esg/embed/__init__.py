"""texts -> vectors. The providers are imported by name (`esg.embed.local`): each brings its own engine."""

from esg.embed.base import Embedder
from esg.embed.cache import CachedEmbedder, EmbeddingCache
from esg.embed.layered import LayeredCache
from esg.embed.memory import MemoryCache
from esg.embed.sqlite import SQLiteCache

__all__ = ["CachedEmbedder", "Embedder", "EmbeddingCache", "LayeredCache", "MemoryCache", "SQLiteCache"]
