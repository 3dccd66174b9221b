"""Facts → what a document says of itself: whose report it is and which fiscal year it is about."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from esg.domain import YEARS, Fact
from esg.extract.identity import About

_NAMESPACES = {
    "dei": re.compile(r"https?://xbrl\.sec\.gov/dei/\d{4}(?:-\d\d-\d\d)?"),  # in every filing to the SEC
    "ifrs-full": re.compile(r"https?://xbrl\.ifrs\.org/taxonomy/[\d-]+/ifrs-full"),  # in every ESEF report
}
_COMPANY = ("dei:EntityRegistrantName", "ifrs-full:NameOfReportingEntityOrOtherMeansOfIdentification")
_YEAR = ("dei:DocumentFiscalYearFocus",)
_FEW = 3  # facts of a year that make it the document's


def read_about(facts: Iterable[Fact]) -> About:
    """Read company and year, "" and None where no fact of the whole group names them."""
    whole = [fact for fact in facts if not fact.dimensions and fact.value]
    year = _first(whole, _YEAR)
    return About(
        company=_first(whole, _COMPANY),
        year=int(year) if re.fullmatch(r"(?:19|20)\d\d", year) else _main_year(whole),
    )


def _first(facts: Sequence[Fact], concepts: Iterable[str]) -> str:
    return next((fact.value for name in concepts for fact in facts if _is(fact, name)), "")


def _main_year(facts: Iterable[Fact]) -> int | None:
    """The year in which the period ends that most facts are of, the later one of two."""
    ends = Counter(date.fromisoformat(fact.end).year for fact in facts if fact.is_annual)
    most = max(ends, key=lambda year: (ends[year], year), default=0)
    return most if ends[most] >= _FEW and YEARS[0] <= most <= YEARS[1] else None


def _is(fact: Fact, name: str) -> bool:
    """Whether a fact is of a concept, by its namespace; an unbound prefix means the usual one."""
    prefix, _, local = name.partition(":")
    if fact.concept.rpartition(":")[2] != local:
        return False
    return (
        _NAMESPACES[prefix].fullmatch(fact.namespace) is not None if fact.namespace else fact.concept == name
    )
