"""Criteria → results: what every document's passages say, or what the figures and claims show."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, zip_longest

from esg.domain import Evidence
from esg.rubric import Criterion, Rubric, Theme
from esg.score.examine import Examined
from esg.score.facts import Facts
from esg.score.support import QUOTES, Judged, Support


def joined(theme: Theme, documents: Sequence[Examined], facts: Facts) -> Judged:
    """Decide every criterion of a theme; figures and claims decide where the judge finds too little.

    A criterion is met where one document meets it; quotes are taken from all, the first believed first.
    """
    supports = [_support(c, [d.supports[c.id] for d in documents], facts) for c in theme.criteria]
    topic = _in_turn([d.topics[theme.code] for d in documents])[:QUOTES]
    return Judged(theme, tuple(implied(supports)), topic)


def _support(criterion: Criterion, found: Sequence[Support], facts: Facts) -> Support:
    shown = facts.show(criterion)
    quotes = _in_turn([s.quotes for s in sorted(found, key=lambda s: not s.met)])
    return Support(
        criterion,
        met=bool(shown) or any(s.met for s in found) or _met_together(criterion, found, quotes),
        quotes=_unique((*shown, *quotes))[:QUOTES],
        countered=sum(s.countered for s in found),
    )


def _met_together(criterion: Criterion, found: Sequence[Support], quotes: Sequence[Evidence]) -> bool:
    """Whether documents that each say too little say enough together."""
    return len(found) > 1 and len(quotes) >= criterion.minimum


def stated_together(rubric: Rubric, documents: Sequence[Examined], facts: Facts) -> list[Support]:
    """Decide every statement of a rubric as the criteria are decided."""
    criteria = [statement.criterion for statement in rubric.statements]
    return [_support(c, [d.supports[c.id] for d in documents], facts) for c in criteria]


def implied(supports: Sequence[Support]) -> Iterator[Support]:
    """Take a criterion for met where one that asks for more is met, with its quotes."""
    by_id = {s.criterion.id: s for s in supports}
    for support in sorted(supports, key=lambda s: -s.criterion.level):
        more = (by_id[name] for name in support.criterion.implied_by)
        quotes = _unique([e for s in more if s.met for e in s.quotes])
        if not support.met and quotes:
            by_id[support.criterion.id] = replace(support, met=True, quotes=quotes[:QUOTES])
    yield from by_id.values()


def _in_turn(documents: Sequence[Sequence[Evidence]]) -> tuple[Evidence, ...]:
    """The first quote of each document, then the second of each; what two of them print is one quote."""
    quotes = [e for e in chain.from_iterable(zip_longest(*documents)) if e is not None]
    if len(documents) == 1:
        return tuple(quotes)
    by_wording: dict[str, Evidence] = {}
    for quote in quotes:
        by_wording.setdefault(" ".join(quote.quote.casefold().split()), quote)
    return tuple(by_wording.values())


def _unique(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    return tuple({e.id: e for e in evidence}.values())
