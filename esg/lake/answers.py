"""What models answered, each under the hash of what was asked: written once, so it stays the same."""

from esg.errors import NotFound
from esg.lake import keys
from esg.objects import open_objects


class Answers:
    """The lake's answers of models; it knows no embedder, so a judge may be opened without one."""

    def __init__(self, root_url: str) -> None:
        self._objects = open_objects(root_url)

    def find(self, judge: str, asked: str) -> bytes | None:
        """Give the answer that was kept, or None."""
        try:
            return self._objects.read(keys.answer(judge, asked))
        except NotFound:
            return None

    def keep(self, judge: str, asked: str, data: bytes) -> bytes:
        """Keep an answer unless there is one, and give the one that is there then."""
        key = keys.answer(judge, asked)
        self._objects.create(key, data)
        return self._objects.read(key)
