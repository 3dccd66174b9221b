"""Facts told more than once → those that only round what another one says (consistent duplicates of XBRL)."""

from collections.abc import Iterable, Sequence

from esg.domain import Fact

_EXACT = 1000  # more decimals than any figure has


def rounded(facts: Iterable[Fact]) -> frozenset[Fact]:
    """The facts that say with fewer decimals what another one says of the same thing."""
    told: dict[tuple[object, ...], list[Fact]] = {}
    for fact in facts:
        if fact.number is not None and fact.place:
            told.setdefault(_thing(fact), []).append(fact)
    return frozenset(fact for twice in told.values() for fact in _rounder(twice))


def _thing(fact: Fact) -> tuple[object, ...]:
    """What a fact is about: all of it but its value."""
    name = fact.concept.rpartition(":")[2]
    return (fact.namespace, name, fact.start, fact.end, fact.dimensions, fact.unit, fact.per)


def _rounder(facts: Sequence[Fact]) -> Iterable[Fact]:
    best = max(facts, key=_decimals)
    for fact in facts:
        decimals = _decimals(fact)
        if -_EXACT < decimals < _decimals(best):
            difference = abs((fact.number or 0.0) - (best.number or 0.0))
            if difference <= 0.5 * 10.0**-decimals:
                yield fact


def _decimals(fact: Fact) -> int:
    """To how many decimals a fact is exact; least where it does not say so."""
    if fact.decimals == "INF":
        return _EXACT
    try:
        return min(max(int(fact.decimals), -300), 300)
    except ValueError:
        return -_EXACT
