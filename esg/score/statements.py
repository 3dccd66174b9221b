"""A rubric's statements → what a judge is asked of a document for each."""

from collections.abc import Iterator

from esg.rubric import Rubric
from esg.score.base import Question, Retriever
from esg.score.support import Examination


def asked(rubric: Rubric, retriever: Retriever, examination: Examination) -> Iterator[Question]:
    """Ask every statement of spans retrieved for it alone; its criterion goes by `statement:NAME`.

    These spans stay apart from those of the criteria, where a figure may count for a level: no framework
    moves one. A statement that has no cues in the document's languages is not looked for.
    """
    for statement in rubric.statements:
        criterion = statement.criterion
        queries = examination.queries(criterion)
        hits = retriever.retrieve(queries, k=rubric.k) if queries else []
        yield examination.asked(criterion, hits, ignore=statement.ignore)
