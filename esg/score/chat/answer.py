"""A model's answer to a sheet → what stands of it: verbatim, of a passage given, heard by the rubric."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from esg.domain import Proposals
from esg.rubric import fold
from esg.score.base import Finding, Passage, Place
from esg.score.chat.ear import Deaf, Ear
from esg.score.chat.sheet import Asked, Sheet
from esg.score.local import strength

VOUCHED = (
    0.5  # of a finding's strength, where its words stand apart and a model says that they belong together
)


@dataclass(frozen=True, slots=True)
class Upheld:
    """What stands of an answer, by criterion, and what became of all that was proposed."""

    findings: Mapping[str, tuple[Finding, ...]]
    proposals: Proposals


def check(content: Any, sheet: Sheet) -> Upheld:
    """Check every quote of an answer that keeps the schema; a criterion that was not asked has none."""
    counts: Counter[str] = Counter()
    findings: dict[str, list[Finding]] = {}
    asked = {one.question.criterion.id: one for one in sheet.asked}
    for name, span, quote in _proposed(content):
        checked = _checked(asked.get(name), span, quote, year=sheet.year)
        if isinstance(checked, str):
            counts[checked] += 1
        else:
            findings.setdefault(name, []).append(checked)
            counts["kept"] += 1
    return Upheld({name: tuple(found) for name, found in findings.items()}, Proposals(**counts))


def _proposed(content: Any) -> Iterator[tuple[str, int, str]]:
    for criterion in content["criteria"]:
        for proposal in criterion["evidence"] if criterion["met"] else ():
            yield criterion["id"], proposal["span"], proposal["quote"]


def _checked(asked: Asked | None, span: int, quote: str, *, year: int | None) -> Finding | str:
    """Give what a proposal finds, or the name of what is wrong with it."""
    passage = asked.passages.get(span) if asked else None
    if asked is None or passage is None:
        return "unknown_span"
    place = _verbatim(quote, passage)
    if place is None:
        return "not_verbatim"
    heard = Ear(asked.question, year).hear(passage)
    if isinstance(heard, Deaf):
        return heard.value
    if not _overlap(place, heard):
        return Deaf.UNHEARD.value
    return Finding(passage, *place, strength=round(VOUCHED * strength(passage, heard), 4))


def _verbatim(quote: str, passage: Passage) -> Place | None:
    """Find a quote in the passage, typographic forms and runs of blanks being alike."""
    words = fold(quote).split()
    found = re.search(r"\s+".join(map(re.escape, words)), passage.text) if words else None
    return found.span() if found else None


def _overlap(left: Place, right: Place) -> bool:
    return left[0] < right[1] and right[0] < left[1]
