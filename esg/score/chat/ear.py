"""A criterion and a passage with what stands around it → whether the rubric's own words are there.

The local judge wants a cue's patterns close together in one sentence. Here more than half of them must stand
in the sentence, however far apart, and the rest in the passages around it: a model may say that they belong
together, never that they are there. What a counter-cue takes away stays away.
"""

from dataclasses import dataclass
from enum import Enum

from esg.rubric import Criterion, letters
from esg.score.base import Passage, Question
from esg.score.cues import find_cue, is_countered
from esg.score.match import Place, match, may_match

_ANYWHERE = 1 << 30  # characters: no limit on how far apart words may stand


class Deaf(Enum):
    """Why a passage cannot speak for a criterion, whoever says so."""

    UNHEARD = "unheard"
    COUNTERED = "countered"


@dataclass(frozen=True, slots=True)
class Ear:
    """Listens to the passages of one question; the passages of a chunk are around one another."""

    question: Question
    year: int | None

    def hear(self, passage: Passage) -> Place | Deaf:
        """Say where the passage has the words of a cue, or why it does not count."""
        worded = self.question.criterion.in_language(passage.language)
        place = find_cue(worded, passage, self.year) or self._find_apart(worded, passage)
        if place is None:
            return Deaf.UNHEARD
        return Deaf.COUNTERED if is_countered(worded, passage, place) else place

    def hears_anything(self) -> bool:
        """Whether an answer could count at all: where it could not, nobody need be asked."""
        return any(not isinstance(self.hear(passage), Deaf) for passage in self.question.passages)

    def _find_apart(self, criterion: Criterion, passage: Passage) -> Place | None:
        """Find the first cue whose patterns are in the passage and around it, most of them in it."""
        text_letters = letters(passage.text)
        likely = [cue for cue in criterion.cues if may_match(cue, text_letters)]
        if not likely:
            return None
        wide = passage._replace(context=f"{passage.context} | {self._around(passage)}")
        found = (match(cue, wide, within=_ANYWHERE, year=self.year) for cue in likely)
        return next((place for place in found if place is not None), None)

    def _around(self, passage: Passage) -> str:
        chunk = passage.hit.chunk.id
        return " ".join(p.text for p in self.question.passages if p.hit.chunk.id == chunk)
