"""One document → what its judge is asked, and what the verdicts are quoted with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from esg.domain import Evidence, Page, Span
from esg.kpi import cite, quote_span, rounded
from esg.rubric import Criterion, Rubric, Theme
from esg.score.base import Finding, Question, Retriever, Verdict
from esg.score.facts import Finder
from esg.score.passages import Ignore, Passages
from esg.score.spoken import Spoken
from esg.score.topic import find_topics

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
    """One document before its judge: retrieves for every criterion at once, asks, and quotes the answers."""

    def __init__(
        self,
        pages: Sequence[Page],
        retriever: Retriever,
        *,
        rubric: Rubric,
        spoken: Spoken = _OWN,
    ) -> None:
        """`rubric` speaks the languages of `spoken`."""
        self.spoken = spoken
        found = retriever.retrieve_each([*map(self.queries, rubric.criteria)], k=rubric.k)
        hits = {criterion.id: of_it for criterion, of_it in zip(rubric.criteria, found, strict=True)}
        self.hits = hits
        self.passages = Passages(pages, chain.from_iterable(hits.values()), rubric.patterns, spoken.pages)
        of_levels = (hits[c.id] for theme in rubric.themes for c in theme.criteria)
        self._quoted: dict[Span, Evidence] = {}  # what several criteria quote has the same boxes
        self.finder = Finder(chain.from_iterable(of_levels))

    def question(self, criterion: Criterion, *, ignore: Ignore) -> Question:
        """Ask for a criterion, of what was retrieved for it."""
        return Question(criterion, self.passages.of(self.hits[criterion.id], ignore=ignore))

    def support(self, criterion: Criterion, verdict: Verdict) -> Support:
        """Quote the best findings, as many as may be needed; each page's first comes before a second."""
        best = _spread(verdict.findings)[: max(QUOTES, criterion.minimum)]
        return Support(criterion, verdict.met, tuple(map(self._cite, best)), verdict.countered)

    def queries(self, criterion: Criterion) -> tuple[str, ...]:
        """What is asked in each language that the document is written in."""
        own = criterion.queries if self.spoken.is_own else ()
        others = (criterion.in_language(code).queries for code in self.spoken.others)
        return (*own, *chain.from_iterable(others))

    def topic(self, theme: Theme) -> tuple[Evidence, ...]:
        """Quote sentences that speak of the theme, the best retrieved first."""
        hits = [hit for criterion in theme.criteria for hit in self.hits[criterion.id]]
        best = {hit.chunk.id: hit for hit in sorted(hits, key=lambda h: -h.retrieval.rank)}
        ranked = sorted(best.values(), key=lambda h: (h.retrieval.rank, h.chunk.id))
        passages = self.passages.of(ranked, ignore=theme.ignore)
        return tuple(self._cite(f) for f in _spread(_of_pages(find_topics(theme, passages)))[:QUOTES])

    def _cite(self, finding: Finding) -> Evidence:
        passage, hit = finding.passage, finding.passage.hit
        span = quote_span(passage.span, passage.text, finding.start, finding.end)
        if span not in self._quoted:
            self._quoted[span] = cite(self.passages.pages[span.page], span.start, span.end)
        return replace(self._quoted[span], chunk_id=hit.chunk.id, retrieval=rounded(hit.retrieval))


def _of_pages(findings: Iterable[Finding]) -> list[Finding]:
    """Take findings until there are some of as many pages as quotes are kept of: no later one comes first."""
    pages: set[int] = set()
    taken = []
    for finding in findings:
        taken.append(finding)
        pages.add(finding.passage.span.page)
        if len(pages) == QUOTES:
            break
    return taken


def _spread(findings: Sequence[Finding]) -> list[Finding]:
    """Order so that the first finding of each page comes before a second one of the same page."""
    counts: dict[int, int] = {}
    ranked = []
    for place, finding in enumerate(findings):
        page = finding.passage.span.page
        counts[page] = counts.get(page, 0) + 1
        ranked.append((counts[page], place, finding))
    return [finding for _, _, finding in sorted(ranked, key=lambda r: r[:2])]
