"""Figures and claims read → what they show for a criterion, found again among the retrieved spans."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from esg.domain import Claim, Evidence, Hit, Kpi
from esg.kpi import rounded
from esg.rubric import Criterion


class Finder:
    """Knows every chunk that was retrieved for the document, by page, with its best rank."""

    def __init__(self, hits: Iterable[Hit]) -> None:
        self._by_page: dict[int, list[tuple[int, int, Hit]]] = {}
        best: dict[str, Hit] = {}
        for hit in hits:
            known = best.get(hit.chunk.id)
            if known is None or hit.retrieval.rank < known.retrieval.rank:
                best[hit.chunk.id] = hit
        for hit in sorted(best.values(), key=lambda h: (h.retrieval.rank, h.chunk.id)):
            for span in hit.chunk.spans:
                self._by_page.setdefault(span.page, []).append((span.start, span.end, hit))

    def find(self, page: int, start: int, end: int) -> Hit | None:
        """The best hit with a span that holds the place whole."""
        spans = self._by_page.get(page, [])
        return next((hit for s, e, hit in spans if s <= start and end <= e), None)

    def attach(self, evidence: Evidence) -> Evidence:
        """Say which retrieved chunk holds the evidence, where one does."""
        hit = self.find(evidence.page, evidence.start, evidence.end)
        if hit is None:
            return evidence
        return replace(evidence, chunk_id=hit.chunk.id, retrieval=rounded(hit.retrieval))


@dataclass(frozen=True, slots=True)
class Facts:
    """Evidence by reference: `kpi:KEY`, `claim:KEY`, `claim:KEY:VALUE`."""

    by_reference: Mapping[str, Sequence[Evidence]]

    def show(self, criterion: Criterion) -> tuple[Evidence, ...]:
        """Give the evidence by which figures or claims meet a criterion; empty where they do not."""
        return self._groups("kpi", criterion.kpis) or self._groups("claim", criterion.claims)

    def _groups(self, kind: str, groups: Sequence[Sequence[str]]) -> tuple[Evidence, ...]:
        found = [self._first(kind, group) for group in groups]
        return tuple(e for e in found if e) if all(found) else ()

    def _first(self, kind: str, group: Sequence[str]) -> Evidence | None:
        return next((e for key in group for e in self.by_reference.get(f"{kind}:{key}", ())), None)


def facts(kpis: Sequence[Kpi], claims: Sequence[Claim], evidence: Mapping[str, Evidence]) -> Facts:
    """Index what was read by what it can be referred to as."""
    index: dict[str, list[Evidence]] = {}
    for reference, key in _references(kpis, claims):
        index.setdefault(reference, []).append(evidence[key])
    return Facts(index)


def retrieved(known: Facts) -> Facts:
    """Leave out what lies outside all retrieved spans: it can show nothing for a level (parity)."""
    inside = {ref: [e for e in found if e.retrieval is not None] for ref, found in known.by_reference.items()}
    return Facts({reference: found for reference, found in inside.items() if found})


def _references(kpis: Sequence[Kpi], claims: Sequence[Claim]) -> Iterable[tuple[str, str]]:
    yield from ((f"kpi:{k.kpi}", k.evidence) for k in kpis)
    for claim in claims:
        yield f"claim:{claim.claim}", claim.evidence
        yield f"claim:{claim.claim}:{claim.value}", claim.evidence
