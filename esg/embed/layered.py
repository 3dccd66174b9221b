"""Two caches as one: a small one in the process before a large one that processes share."""

from collections.abc import Mapping, Sequence

from esg.embed.cache import EmbeddingCache, Vector


class LayeredCache:
    """Asks `near` first, then `far`; the queries of a rubric are in `near` after the first document."""

    def __init__(self, near: EmbeddingCache, far: EmbeddingCache) -> None:
        self._near = near
        self._far = far

    def get(self, keys: Sequence[str]) -> dict[str, Vector]:
        found = self._near.get(keys)
        missing = [key for key in keys if key not in found]
        if missing:
            fetched = self._far.get(missing)
            self._near.put(fetched)
            found |= fetched
        return found

    def put(self, vectors: Mapping[str, Vector]) -> None:
        self._far.put(vectors)
        self._near.put(vectors)
