"""What was met, read and stated → each framework's disclosures as yes, partial or no."""

from collections.abc import Mapping, Sequence

from esg.domain import Disclosure, Evidence
from esg.rubric import Requirement, Rubric
from esg.score.facts import Facts
from esg.score.support import Support

Answers = tuple[tuple[str, tuple[Disclosure, ...]], ...]
Found = Mapping[str, Sequence[Evidence]]  # by reference (Requirement), the best quote first


def answer(rubric: Rubric, supports: Sequence[Support], facts: Facts) -> Answers:
    """Answer every requirement of every framework; `supports` are of criteria and of statements."""
    met = {s.criterion.id: s.quotes for s in supports if s.met and s.quotes}
    found: Found = {**met, **facts.by_reference}
    return tuple((f.id, tuple(_disclosure(r, found) for r in f.requirements)) for f in rubric.frameworks)


def named(stated: Sequence[Support], answers: Answers) -> list[Evidence]:
    """The quotes of statements that some answer names."""
    ids = {i for _, lines in answers for line in lines for i in line.evidence}
    return [e for s in stated if s.met for e in s.quotes if e.id in ids]


def _disclosure(requirement: Requirement, found: Found) -> Disclosure:
    """Yes where every group is answered, partial where some are."""
    answers = [next((found[ref][0] for ref in group if ref in found), None) for group in requirement.needs]
    evidence = tuple(dict.fromkeys(e.id for e in answers if e))
    if all(answers):
        return Disclosure(requirement.id, "yes", evidence)
    return Disclosure(requirement.id, "partial" if evidence else "no", evidence)
