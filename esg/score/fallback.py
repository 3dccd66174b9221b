"""A judge that may be out of reach, and one that never is: a document is judged by one of them, whole."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from esg.score.base import Judge, Judgement, Question, Unanswered

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
        except Unanswered as error:
            log.warning("%s judges instead of %s: %s", self.second.id, self.first.id, error)
            instead = self.second.judge(questions, year=year)
            note = f"{self.first.id} was asked, but {error.why}; {self.second.id} judged the whole document."
            return replace(instead, by=instead.by._replace(note=note))
