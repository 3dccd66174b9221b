"""How many texts a shared cache of vectors saves: report after report, each text looked up by its key."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from esg.embed.cache import cache_key


@dataclass(frozen=True, slots=True)
class Reuse:
    """Of one report: `known` texts had been embedded before, in this or an earlier report."""

    name: str
    texts: int
    known: int

    @property
    def rate(self) -> float:
        return self.known / self.texts if self.texts else 0.0


def reuse(reports: Iterable[tuple[str, Sequence[str]]], *, embedder_id: str) -> list[Reuse]:
    """Look up the texts of each report in a cache that starts empty and forgets nothing."""
    known: set[str] = set()
    found = []
    for name, texts in reports:
        hits = 0
        for key in (cache_key(embedder_id, text) for text in texts):
            hits += key in known
            known.add(key)
        found.append(Reuse(name, len(texts), hits))
    return found


def total(found: Sequence[Reuse]) -> Reuse:
    return Reuse("all", sum(each.texts for each in found), sum(each.known for each in found))
