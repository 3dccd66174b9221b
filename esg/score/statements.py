"""A rubric's statements → those that the document makes, with the quotes that make them."""

from esg.domain import Evidence
from esg.rubric import Rubric
from esg.score.base import Retriever
from esg.score.support import QUOTES, Examination


def stated(rubric: Rubric, retriever: Retriever, examination: Examination) -> dict[str, tuple[Evidence, ...]]:
    """Decide every statement from spans retrieved for it alone; the quotes go by `statement:NAME`.

    These spans stay apart from those of the criteria, where a figure may count for a level: no framework
    moves one.
    """
    found: dict[str, tuple[Evidence, ...]] = {}
    for statement in rubric.statements:
        criterion = statement.criterion
        hits = retriever.retrieve(criterion.queries, k=rubric.k)
        verdict, quotes = examination.decided(criterion, hits, ignore=statement.ignore)
        if verdict.met:
            found[criterion.id] = quotes[:QUOTES]
    return found
