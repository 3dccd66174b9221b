"""A judge that may be out of reach, and one that never is: a document is judged by one of them, whole."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from esg.errors import BudgetSpent, Transient
from esg.score.base import Judge, Judgement, Question

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FallbackJudge:
    """Asks `first`; where it cannot be reached or may not be paid for, `second` judges all of the document.

    The judgement names who judged and why, in words that do not change from one outage to the next.
    """

    first: Judge
    second: Judge

    @property
    def id(self) -> str:
        return self.first.id

    def judge(self, questions: Sequence[Question], *, year: int | None) -> Judgement:
        try:
            return self.first.judge(questions, year=year)
        except Transient as error:
            log.warning("%s judges instead of %s: %s", self.second.id, self.first.id, error)
            instead = self.second.judge(questions, year=year)
            return replace(instead, by=instead.by._replace(note=self._note(error)))

    def _note(self, error: Transient) -> str:
        why = "its budget was spent" if isinstance(error, BudgetSpent) else "it did not answer"
        return f"{self.first.id} was asked, but {why}; {self.second.id} judged the whole document."
