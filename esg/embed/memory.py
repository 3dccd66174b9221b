"""The reference cache: a dictionary, gone with its process."""

from collections.abc import Mapping, Sequence

from esg.embed.cache import Vector


class MemoryCache:
    def __init__(self) -> None:
        self._vectors: dict[str, Vector] = {}

    def get(self, keys: Sequence[str]) -> dict[str, Vector]:
        return {key: self._vectors[key] for key in keys if key in self._vectors}

    def put(self, vectors: Mapping[str, Vector]) -> None:
        for key, vector in vectors.items():
            self._vectors.setdefault(key, vector.copy())
