"""A criterion and a passage with what stands around it → whether the rubric's own words are there.

The local judge wants a cue's patterns close together in one sentence. Here more than half of them must stand
in the sentence, however far apart, and the rest in the passages around it: a model may say that they belong
together, never that they are there. What a counter-cue takes away stays away.
"""

from dataclasses import dataclass
from enum import Enum

from esg.rubric import Criterion
from esg.score.base import Passage, Place, Question
from esg.score.corpus import Corpus
from esg.score.cues import find_cue, is_countered

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
        corpus = Corpus([passage], self.question.criterion.patterns)
        likely = [cue for cue in worded.cues if corpus.likely(cue)]
        place = find_cue(likely, corpus, 0, within=worded.within, year=self.year)
        place = place or self._find_apart(worded, passage)
        if place is None:
            return Deaf.UNHEARD
        return Deaf.COUNTERED if is_countered(worded, corpus, 0, place) else place

    def hears_anything(self) -> bool:
        """Whether an answer could count at all: where it could not, nobody need be asked."""
        return any(not isinstance(self.hear(passage), Deaf) for passage in self.question.passages)

    def _find_apart(self, criterion: Criterion, passage: Passage) -> Place | None:
        """Find the first cue whose patterns are in the passage and around it, most of them in it."""
        wide = passage._replace(context=f"{passage.context} | {self._around(passage)}")
        corpus = Corpus([wide], self.question.criterion.patterns)
        likely = (cue for cue in criterion.cues if corpus.likely(cue))
        return find_cue(likely, corpus, 0, within=_ANYWHERE, year=self.year)

    def _around(self, passage: Passage) -> str:
        chunk = passage.hit.chunk.id
        return " ".join(p.text for p in self.question.passages if p.hit.chunk.id == chunk)
