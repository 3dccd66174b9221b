"""Criteria → results: what the judge says of retrieved passages, or what the figures and claims show."""

from collections.abc import Sequence
from dataclasses import dataclass

from esg.domain import Evidence, Page
from esg.kpi import cite, quote_span
from esg.rubric import Criterion, Rubric
from esg.score.base import Finding, Judge, Retriever
from esg.score.facts import Facts, Finder
from esg.score.passages import Passages

QUOTES = 3  # kept for each criterion


@dataclass(frozen=True, slots=True)
class Support:
    """A criterion's result with its quotes, best first, and how many passages a counter-cue took away."""

    criterion: Criterion
    met: bool
    quotes: tuple[Evidence, ...] = ()
    countered: int = 0


class Examination:
    """One document before its judge: retrieves for every criterion at once, then decides each."""

    def __init__(
        self,
        pages: Sequence[Page],
        retriever: Retriever,
        *,
        rubric: Rubric,
        judge: Judge,
        year: int | None,
    ) -> None:
        self.passages = Passages(pages)
        self.judge = judge
        self.year = year
        criteria = [c for theme in rubric.themes for c in theme.criteria]
        self.hits = {c.id: retriever.retrieve(c.queries, k=rubric.k) for c in criteria}
        self.finder = Finder(hit for hits in self.hits.values() for hit in hits)

    def support(self, criterion: Criterion, facts: Facts) -> Support:
        """Decide by the judge; figures and claims decide where the judge finds too little."""
        verdict = self.judge.judge(criterion, self.passages.of(self.hits[criterion.id]), year=self.year)
        quotes = tuple(self._cite(f) for f in _spread(verdict.findings))
        shown = facts.show(criterion)
        both = _unique((*shown, *quotes))[:QUOTES]
        return Support(criterion, verdict.met or bool(shown), both, verdict.countered)

    def _cite(self, finding: Finding) -> Evidence:
        passage = finding.passage
        span = quote_span(passage.span, passage.text, finding.start, finding.end)
        page = self.passages.pages[span.page]
        hit = passage.hit
        return cite(page, span.start, span.end, chunk_id=hit.chunk.id, retrieval=hit.retrieval)


def _spread(findings: Sequence[Finding]) -> list[Finding]:
    """Order so that the first finding of each page comes before a second one of the same page."""
    counts: dict[int, int] = {}
    ranked = []
    for place, finding in enumerate(findings):
        page = finding.passage.span.page
        counts[page] = counts.get(page, 0) + 1
        ranked.append((counts[page], place, finding))
    return [finding for _, _, finding in sorted(ranked, key=lambda r: r[:2])]


def _unique(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    return tuple({e.id: e for e in evidence}.values())
