"""What was met and read → each framework's disclosures as yes, partial or no."""

from collections.abc import Mapping, Sequence

from esg.domain import Disclosure, Evidence
from esg.rubric import Requirement, Rubric
from esg.score.facts import Facts
from esg.score.support import Support


def answer(
    rubric: Rubric, supports: Sequence[Support], facts: Facts
) -> tuple[tuple[str, tuple[Disclosure, ...]], ...]:
    """Answer every requirement of every framework from the evidence there is."""
    found: dict[str, Sequence[Evidence]] = {s.criterion.id: s.quotes for s in supports if s.met and s.quotes}
    found.update(facts.by_reference)
    return tuple((f.id, tuple(_disclosure(r, found) for r in f.requirements)) for f in rubric.frameworks)


def _disclosure(requirement: Requirement, found: Mapping[str, Sequence[Evidence]]) -> Disclosure:
    """Yes where every group is answered, partial where some are."""
    answers = [next((found[ref][0] for ref in group if ref in found), None) for group in requirement.needs]
    evidence = tuple(dict.fromkeys(e.id for e in answers if e))
    if all(answers):
        return Disclosure(requirement.id, "yes", evidence)
    return Disclosure(requirement.id, "partial" if evidence else "no", evidence)
