"""The reference cache: a dictionary, gone with its process."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock

from esg.embed.cache import Vector


class MemoryCache:
    """Keeps the vectors used last; all of them where `limit` is None. Safe to share between threads."""

    def __init__(self, *, limit: int | None = None) -> None:
        self._vectors: OrderedDict[str, Vector] = OrderedDict()
        self._limit = limit
        self._lock = Lock()

    def get(self, keys: Sequence[str]) -> dict[str, Vector]:
        with self._lock:
            found = {key: self._vectors[key] for key in keys if key in self._vectors}
            for key in found:
                self._vectors.move_to_end(key)
        return found

    def put(self, vectors: Mapping[str, Vector]) -> None:
        with self._lock:
            for key, vector in vectors.items():
                self._vectors.setdefault(key, vector.copy())
            while self._limit is not None and len(self._vectors) > self._limit:
                self._vectors.popitem(last=False)
