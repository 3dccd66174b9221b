"""A rubric's statements → what a document's passages say for each."""

from esg.rubric import Rubric
from esg.score.base import Retriever
from esg.score.support import Examination, Support


def stated(rubric: Rubric, retriever: Retriever, examination: Examination) -> dict[str, Support]:
    """Decide every statement from spans retrieved for it alone; the results go by `statement:NAME`.

    These spans stay apart from those of the criteria, where a figure may count for a level: no framework
    moves one. A statement that has no cues in the document's languages is not looked for.
    """
    found: dict[str, Support] = {}
    for statement in rubric.statements:
        criterion = statement.criterion
        queries = examination.queries(criterion)
        hits = retriever.retrieve(queries, k=rubric.k) if queries else []
        found[criterion.id] = examination.decided(criterion, hits, ignore=statement.ignore)
    return found
