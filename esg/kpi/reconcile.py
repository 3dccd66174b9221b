"""What several documents of a company and year say → one ledger: each figure and claim once.

Documents come in the order in which they are believed. A figure that two of them print, up to rounding, is
one figure; the first that prints it is quoted. Figures on bases that are named and differ stay apart, as
within one document. Where documents contradict each other the first counts, restated figures before all
others, and the rest are kept beside it with their quotes.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from esg.domain import Claim, Contradiction, Kpi, Statement
from esg.kpi.claims import can_differ
from esg.kpi.figure import clusters

SAME_ELSEWHERE = "documents_ok"  # flag of a figure that another document prints, too
CONTRADICTED = "documents_differ"

Key = tuple[str, int | None, str, str]
Said = TypeVar("Said", Kpi, Claim)


@dataclass(frozen=True, slots=True)
class Ledger:
    kpis: tuple[Kpi, ...]
    claims: tuple[Claim, ...]
    contradictions: tuple[Contradiction, ...] = ()


def reconcile(documents: Sequence[tuple[Sequence[Kpi], Sequence[Claim]]]) -> Ledger:
    """Join what each document says; one document's ledger is what it says."""
    if len(documents) == 1:
        kpis, claims = documents[0]
        return Ledger(tuple(kpis), tuple(claims))
    figures = [_settle(group) for group in _groups((kpis for kpis, _ in documents), _key)]
    claimed = [_agree_on(group) for group in _groups((claims for _, claims in documents), lambda c: c.claim)]
    return Ledger(
        tuple(kpi for kpis, _ in sorted(figures, key=_order) for kpi in kpis),
        tuple(claim for claims, _ in claimed for claim in claims),
        tuple(told for _, told in (*figures, *claimed) if told),
    )


def _groups(documents: Iterable[Sequence[Said]], key: Callable[[Said], Hashable]) -> list[list[list[Said]]]:
    """What is said of each thing: a list of documents, of each its statements; never empty."""
    groups: dict[Hashable, list[list[Said]]] = {}
    for said in documents:
        of_document: dict[Hashable, list[Said]] = {}
        for statement in said:
            of_document.setdefault(key(statement), []).append(statement)
        for thing, statements in of_document.items():
            groups.setdefault(thing, []).append(statements)
    return list(groups.values())


# -- figures ----------------------------------------------------------------------------------------------


def _key(kpi: Kpi) -> Key:
    return kpi.kpi, kpi.fiscal_year, kpi.method, kpi.unit


def _order(settled: tuple[Sequence[Kpi], Contradiction | None]) -> tuple[str, int, str, str]:
    first = settled[0][0]
    return first.kpi, -(first.fiscal_year or 0), first.method, first.unit


def _settle(documents: Sequence[Sequence[Kpi]]) -> tuple[list[Kpi], Contradiction | None]:
    if len(documents) == 1:
        return list(documents[0]), None
    values = clusters(kpi for said in documents for kpi in said)
    best = [_told_again(cluster) for cluster in values]
    bases = {kpi.boundary for kpi in best}
    if len(best) == 1 or (len(bases) == len(best) and "" not in bases):
        return best, None
    chosen, *others = sorted(best, key=lambda kpi: not kpi.restated)  # stable: else the first believed
    told = Contradiction(
        chosen.kpi, chosen.fiscal_year, chosen.method, _figure(chosen), tuple(map(_figure, others))
    )
    return [replace(chosen, flags=(*chosen.flags, CONTRADICTED))], told


def _told_again(cluster: Sequence[Kpi]) -> Kpi:
    first = cluster[0]
    return replace(first, flags=(*first.flags, SAME_ELSEWHERE)) if len(cluster) > 1 else first


def _figure(kpi: Kpi) -> Statement:
    return Statement(kpi.value, kpi.unit, kpi.evidence)


# -- claims -----------------------------------------------------------------------------------------------


def _agree_on(documents: Sequence[Sequence[Claim]]) -> tuple[list[Claim], Contradiction | None]:
    """Every value of a claim once, where it is said first; of values that cannot both be true the first."""
    first: dict[str, Claim] = {}
    for claim in (claim for said in documents for claim in said):
        first.setdefault(claim.value, claim)
    values = list(first.values())
    if len(values) == 1 or can_differ(values[0].claim, alone=all(len(said) == 1 for said in documents)):
        return values, None
    chosen, *others = values
    told = Contradiction(chosen.claim, None, "", _claimed(chosen), tuple(map(_claimed, others)))
    return [chosen], told


def _claimed(claim: Claim) -> Statement:
    return Statement(claim.value, "", claim.evidence)
