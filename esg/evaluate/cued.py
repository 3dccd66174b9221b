"""scorecards' criteria ↔ their quotes: is each quote what the criterion's own cues look for?

The pages are cut and asked anew; what was retrieved, and what the judge made of it, is not believed.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from esg.domain import Chunk, Hit, Page, Retrieval, Span
from esg.rubric import Criterion, Rubric, Theme
from esg.score import LocalJudge, Question
from esg.score.base import Finding
from esg.score.local import decide
from esg.score.passages import Passages
from esg.score.spoken import spoken

_UNRANKED = Retrieval(0.0, 0.0, 0.0, 1)


class Support(NamedTuple):
    """A quote that a scorecard gives for a criterion that it says is met."""

    theme: str
    criterion: str
    evidence: str
    page: int
    start: int
    end: int


def can_check(card: Mapping[str, Any], rubric: Rubric) -> bool:
    """Whether a scorecard (as JSON) was judged by this rubric, and by cues."""
    judged_by = (card["rubric"]["id"], card["rubric"]["version"], card["pipeline"]["judge"])
    return judged_by == (rubric.id, rubric.version, LocalJudge.id)


def supports(card: Mapping[str, Any], document: str) -> Iterator[Support]:
    """List the quotes of met criteria that are a document's."""
    own = card["document"]["id"]
    evidence = {e["id"]: e for e in card["evidence"] if e.get("document_id", own) == document}
    for theme in card["themes"]:
        for criterion in theme["criteria"]:
            for key in criterion["evidence"] if criterion["met"] else ():
                if key in evidence:
                    place = (evidence[key][name] for name in ("page", "start", "end"))
                    yield Support(theme["code"], criterion["id"], key, *place)


class Cued:
    """Asks a rubric's criteria of the places that a scorecard quotes from one document."""

    def __init__(
        self, card: Mapping[str, Any], pages: Sequence[Page], chunks: Sequence[Chunk], *, rubric: Rubric
    ) -> None:
        tongue = spoken(pages, rubric)
        worded = rubric.speaking(tongue.others)
        self._themes = {theme.code: theme for theme in worded.themes}
        hits = (Hit(chunk, _UNRANKED) for chunk in chunks)
        self._passages = Passages(pages, hits, worded.patterns, tongue.pages)
        self._chunks = chunks
        self._year: int | None = card["document"]["year"]
        self._facts = frozenset(_facts(card))

    def holds(self, support: Support) -> bool:
        """Whether the criterion's cues find the quote, or it shows a figure or claim that it takes.

        A criterion that one of higher demands implies is quoted by what speaks for that one.
        """
        theme = self._themes[support.theme]
        by_id = {criterion.id: criterion for criterion in theme.criteria}
        asked = [by_id[support.criterion]]
        for criterion in asked:
            asked += [more for name in criterion.implied_by if (more := by_id[name]) not in asked]
        return any(self._speaks(support, criterion, theme) for criterion in asked)

    def _speaks(self, support: Support, criterion: Criterion, theme: Theme) -> bool:
        if any((reference, support.evidence) in self._facts for reference in _references(criterion)):
            return True
        passages = self._passages.of(self._hits(support), ignore=theme.ignore)
        quoted = [p for p in passages if _meet(support, p.span)]
        found = decide(Question(criterion, quoted), year=self._year).findings
        return any(_meet(support, _cue(finding)) for finding in found)

    def _hits(self, support: Support) -> list[Hit]:
        chunks = (c for c in self._chunks if any(_meet(support, span) for span in c.spans))
        return [Hit(chunk, _UNRANKED) for chunk in chunks]


def _meet(support: Support, span: Span) -> bool:
    return support.page == span.page and support.start < span.end and span.start < support.end


def _cue(finding: Finding) -> Span:
    page, start, _ = finding.passage.span
    return Span(page, start + finding.start, start + finding.end)


def _references(criterion: Criterion) -> Iterator[str]:
    yield from (f"kpi:{key}" for key in chain.from_iterable(criterion.kpis))
    yield from (f"claim:{key}" for key in chain.from_iterable(criterion.claims))


def _facts(card: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What each figure and claim of a scorecard can be referred to as, with its quote."""
    for kpi in card["kpis"]:
        yield f"kpi:{kpi['kpi']}", kpi["evidence"]
    for claim in card["claims"]:
        yield f"claim:{claim['claim']}", claim["evidence"]
        yield f"claim:{claim['claim']}:{claim['value']}", claim["evidence"]
