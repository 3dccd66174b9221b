"""Criteria → results: what the judge says of retrieved passages, or what the figures and claims show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from esg.domain import Evidence, Hit, Page
from esg.kpi import cite, quote_span
from esg.rubric import Criterion, Rubric, Theme
from esg.score.base import Finding, Judge, Passage, Retriever
from esg.score.facts import Facts, Finder
from esg.score.passages import Passages
from esg.score.spoken import Spoken
from esg.score.topic import find_topic

QUOTES = 3  # kept for each criterion
_OWN = Spoken()


@dataclass(frozen=True, slots=True)
class Support:
    """A criterion's result with its quotes, best first, and how many passages a counter-cue took away."""

    criterion: Criterion
    met: bool
    quotes: tuple[Evidence, ...] = ()
    countered: int = 0


@dataclass(frozen=True, slots=True)
class Judged:
    """A theme with the results of its criteria, and quotes that speak of it whatever they say."""

    theme: Theme
    supports: tuple[Support, ...]
    topic: tuple[Evidence, ...]


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
        spoken: Spoken = _OWN,
    ) -> None:
        """`rubric` speaks the languages of `spoken`."""
        self.passages = Passages(pages, spoken.pages)
        self.judge = judge
        self.year = year
        criteria = [c for theme in rubric.themes for c in theme.criteria]
        self.hits = {c.id: retriever.retrieve(_queries(c, spoken), k=rubric.k) for c in criteria}
        self.finder = Finder(hit for hits in self.hits.values() for hit in hits)

    def judged(self, theme: Theme, facts: Facts) -> Judged:
        """Decide every criterion of a theme; figures and claims decide where the judge finds too little."""
        supports = [self._support(c, theme, facts) for c in theme.criteria]
        return Judged(theme, tuple(implied(supports)), self._topic(theme))

    def _support(self, criterion: Criterion, theme: Theme, facts: Facts) -> Support:
        passages = self._passages(theme, self.hits[criterion.id])
        verdict = self.judge.judge(criterion, passages, year=self.year)
        quotes = tuple(self._cite(f) for f in _spread(verdict.findings))
        shown = facts.show(criterion)
        both = _unique((*shown, *quotes))[:QUOTES]
        return Support(criterion, verdict.met or bool(shown), both, verdict.countered)

    def _topic(self, theme: Theme) -> tuple[Evidence, ...]:
        """Quote sentences that speak of the theme, the best retrieved first."""
        hits = [hit for criterion in theme.criteria for hit in self.hits[criterion.id]]
        best = {hit.chunk.id: hit for hit in sorted(hits, key=lambda h: -h.retrieval.rank)}
        ranked = sorted(best.values(), key=lambda h: (h.retrieval.rank, h.chunk.id))
        spoken = (find_topic(theme, passage) for passage in self._passages(theme, ranked))
        return tuple(self._cite(f) for f in _spread([f for f in spoken if f])[:QUOTES])

    def _passages(self, theme: Theme, hits: Sequence[Hit]) -> list[Passage]:
        return self.passages.of(hits, ignore=theme.ignore)

    def _cite(self, finding: Finding) -> Evidence:
        passage = finding.passage
        span = quote_span(passage.span, passage.text, finding.start, finding.end)
        page = self.passages.pages[span.page]
        hit = passage.hit
        return cite(page, span.start, span.end, chunk_id=hit.chunk.id, retrieval=hit.retrieval)


def _queries(criterion: Criterion, spoken: Spoken) -> tuple[str, ...]:
    """What is asked in each language that the document is written in."""
    own = criterion.queries if spoken.is_own else ()
    return (*own, *(q for code in spoken.others for q in criterion.in_language(code).queries))


def implied(supports: Sequence[Support]) -> Iterator[Support]:
    """Take a criterion for met where one that asks for more is met, with its quotes."""
    by_id = {s.criterion.id: s for s in supports}
    for support in sorted(supports, key=lambda s: -s.criterion.level):
        more = (by_id[name] for name in support.criterion.implied_by)
        quotes = _unique([e for s in more if s.met for e in s.quotes])
        if not support.met and quotes:
            by_id[support.criterion.id] = replace(support, met=True, quotes=quotes[:QUOTES])
    yield from by_id.values()


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
